"""Front door of the verbs about people."""

from people.services.clients import (
    client_of_secret,
    create_client,
    forget_ended_tokens,
    give_token,
    revoke_client,
)
from people.services.customers import NewCustomer, find_customer, know_customer, know_customers
from people.services.limits import address_of, count_attempt, forget_past_attempts
from people.services.shifts import copy_week, plan_shifts, remove_shift, start_of_week
from people.services.status import lock_person, set_status
from people.services.tokens import (
    create_token,
    issue_token,
    revoke_token,
    rotate_token,
    token_of_key,
)

__all__ = [
    "NewCustomer",
    "address_of",
    "client_of_secret",
    "copy_week",
    "count_attempt",
    "create_client",
    "create_token",
    "find_customer",
    "forget_ended_tokens",
    "forget_past_attempts",
    "give_token",
    "issue_token",
    "know_customer",
    "know_customers",
    "lock_person",
    "plan_shifts",
    "remove_shift",
    "revoke_client",
    "revoke_token",
    "rotate_token",
    "set_status",
    "start_of_week",
    "token_of_key",
]

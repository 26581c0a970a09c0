"""Front door of the verbs about people."""

from people.services.customers import find_customer, know_customer
from people.services.limits import address_of, count_attempt
from people.services.tokens import issue_token, revoke_token, user_of_key

__all__ = [
    "address_of",
    "count_attempt",
    "find_customer",
    "issue_token",
    "know_customer",
    "revoke_token",
    "user_of_key",
]

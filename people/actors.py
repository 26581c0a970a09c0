"""Who acts: a signed-in person, a customer on the public page, a stranger, or the system itself."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from helpdesk.common.errors import NotAllowed
from helpdesk.common.wording import gettext as _
from people.models import Customer, User


@dataclass(frozen=True)
class Actor:
    """Exactly one of `user`, `customer`, `system` is set, or none: a visitor, who may only file.

    `system` is a code such as 'sweep'.
    """

    user: User | None = None
    customer: Customer | None = None
    system: str = ""

    @property
    def is_system(self) -> bool:
        return bool(self.system)

    @property
    def is_visitor(self) -> bool:
        """Known by nothing but what was typed; whatever it claims to be is not yet true."""
        return self.user is None and self.customer is None and not self.system

    @property
    def at_desk(self) -> bool:
        return self.user is not None and self.user.works_at_desk

    @property
    def label(self) -> str:
        """A code or role for the event row, never a name (names can be erased, events cannot)."""
        if self.system:
            return self.system
        if self.customer is not None:
            return "customer"
        if self.user is None:
            return "visitor"
        return next(iter(sorted(self.user.roles)), "user")

    @property
    def sight(self) -> Hashable:
        """The same for whoever may see the same: what a selector for the actor depends on."""
        if self.user is not None:
            return self.user.sight
        return self.system, self.customer.pk if self.customer is not None else 0

    def may(self, permission: str) -> bool:
        return self.is_system or (self.user is not None and self.user.may(permission))

    def belongs_to(self, team_id: int | None) -> bool:
        return self.is_system or (self.user is not None and team_id in self.user.team_ids)

    def require(self, permission: str) -> None:
        if not self.may(permission):
            raise NotAllowed(_("Your role does not permit this."))

    def require_any(self, *permissions: str) -> None:
        if not any(self.may(permission) for permission in permissions):
            raise NotAllowed(_("Your role does not permit this."))

    def require_person(self, permission: str) -> User:
        """Who signs for it: a person with this permission, never the system."""
        self.require(permission)
        if self.user is None:
            raise NotAllowed(_("Your role does not permit this."))
        return self.user


TRIAGE = Actor(system="triage")
SWEEP = Actor(system="sweep")
ASSIGNMENT = Actor(system="assignment")
ESCALATION_RULES = Actor(system="escalation_rules")
SUPPLIER = Actor(system="supplier")
VISITOR = Actor()


def of_user(user: User) -> Actor:
    return Actor(user=user)

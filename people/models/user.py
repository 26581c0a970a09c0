from __future__ import annotations

from collections.abc import Hashable
from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from people.availability import Standing as Availability
from people.models.standing import Standing, read_standing
from people.roles import DESK, Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.create_user(email, password, is_staff=True, is_superuser=True, **fields)
        user.groups.add(Group.objects.get_or_create(name=Role.ADMINISTRATOR.value)[0])
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractUser):
    """A person (or connected system) who signs in, by e-mail address."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    full_name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language"), max_length=5, default="id")
    is_demo = models.BooleanField(
        _("demo account"), default=False, help_text=_("A production start refuses to run with one.")
    )

    # Beside the account, because every page of the desk needs it: {"keys": …, "single_keys": …}.
    preferences = models.JSONField(_("preferences"), default=dict, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="user_email_lower_case",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split(" ")[0]

    @cached_property
    def standing(self) -> Standing:
        return read_standing(self.pk)

    @property
    def roles(self) -> frozenset[str]:
        return self.standing.roles

    @property
    def team_ids(self) -> frozenset[int]:
        return self.standing.team_ids

    @property
    def led_team_codes(self) -> frozenset[str]:
        return self.standing.led_team_codes

    @property
    def availability(self) -> Availability:
        """As this request's first look found it; whatever decides asks `standings` at its instant."""
        return self.standing.availability

    @property
    def works_at_desk(self) -> bool:
        return any(role in self.roles for role in DESK)

    @property
    def sight(self) -> Hashable:
        """All that decides what this person sees."""
        standing = self.standing
        can = (self.is_active, self.is_superuser, standing.permissions, standing.team_ids)
        return "user", self.pk, can

    def may(self, permission: str) -> bool:
        """Whether a role of the user holds `tickets.<permission>`."""
        if not self.is_active:
            return False
        return self.is_superuser or permission in self.standing.permissions

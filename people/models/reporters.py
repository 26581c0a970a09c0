"""Those who complain: customers with a tier, shops with their sellers, reseller agents."""

from __future__ import annotations

import unicodedata

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.common.masking import masked_contact


class Tier(models.TextChoices):
    REGULAR = "regular", "Regular"
    SILVER = "silver", "Silver"
    GOLD = "gold", "Gold"
    PLATINUM = "platinum", "Platinum"
    DIAMOND = "diamond", "Diamond"


class Customer(models.Model):
    """A person known by at least one contact. The same address or number is the same person."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="customer",
    )
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"), null=True, blank=True, unique=True)
    phone = models.CharField(_("phone number"), max_length=20, null=True, blank=True, unique=True)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier.choices, default=Tier.REGULAR)
    language = models.CharField(_("language"), max_length=5, default="id")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email__isnull=False) | models.Q(phone__isnull=False),
                name="customer_has_a_contact",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name for the desk: who gave none is known by a contact, which is masked as any other."""
        return masked_contact(self.name)

    @property
    def own_name(self) -> str:
        """The name to call them by; empty where a contact stands in its place."""
        return self.name if self.shown_name == self.name else ""

    def has_contact(self, kind: str, value: str) -> bool:
        return bool(value) and value == (self.email if kind == "email" else self.phone)


class Shop(models.Model):
    """A seller's shop. Names that look the same are the same (NFKC, case folded)."""

    name = models.CharField(_("name"), max_length=120)
    name_key = models.CharField(max_length=150, unique=True, editable=False)
    sellers: models.ManyToManyField[models.Model, models.Model] = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="shops", blank=True
    )

    class Meta:
        verbose_name = _("shop")
        verbose_name_plural = _("shops")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.name_key = shop_name_key(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


def shop_name_key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


class ResellerAgent(models.Model):
    """A reseller of phone credit, possibly below another one (upline)."""

    code = models.CharField(_("agent ID"), max_length=20, unique=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reseller_agent",
    )
    name = models.CharField(_("name as on the identity card"), max_length=150)
    phone = models.CharField(_("registered phone number"), max_length=20)
    upline = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="downlines"
    )

    class Meta:
        verbose_name = _("reseller agent")
        verbose_name_plural = _("reseller agents")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

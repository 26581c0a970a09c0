"""The words of quality."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Resolution(models.TextChoices):
    """What became of a financial case; the first alone counts as resolved at first contact."""

    FIRST_CONTACT = "first_contact", _("resolved at first contact")
    CAME_BACK = "came_back", _("the agent had to come back")
    DISPUTED = "disputed", _("the agent disputed the solution")
    REOPENED = "reopened", _("reopened after the closing")


class ReviewState(models.TextChoices):
    """OPEN waits for a reviewer, TOLD for the officer (until a moment), ANSWERED for a reviewer."""

    OPEN = "open", _("to be reviewed")
    TOLD = "told", _("the officer may answer")
    ANSWERED = "answered", _("the officer answered")
    SETTLED = "settled", _("settled")


class Picked(models.TextChoices):
    SAMPLE = "sample", _("drawn in a sample")
    BY_HAND = "by_hand", _("chosen by hand")

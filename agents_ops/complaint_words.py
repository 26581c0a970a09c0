"""What is written to a supplier, in the language of the house."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from agents_ops.models import SupplierComplaint, SupplierMessage
from helpdesk.common.durations import wib_text

Kind, About = SupplierMessage.Kind, SupplierComplaint.About


def words_of(complaint: SupplierComplaint, kind: str) -> str:
    with translation.override("id"):
        asked = {
            (Kind.COMPLAINT, About.PENDING): _(
                "The transaction is still pending. Please check it."
            ),
            (Kind.COMPLAINT, About.MISSING): _(
                "The transaction is successful, but the product has not arrived. Please check it."
            ),
            (Kind.FOLLOW_UP, About.PENDING): _("It is still pending. How far is it?"),
            (Kind.FOLLOW_UP, About.MISSING): _("The product is still missing. How far is it?"),
            (Kind.HARD, About.PENDING): _(
                "The transaction has been pending for too long. Please give its final status now, "
                "or let it fail."
            ),
            (Kind.HARD, About.MISSING): _(
                "The product has been missing for too long. Please give the final status now, "
                "or let the transaction fail."
            ),
        }[Kind(kind), About(complaint.about)]
        facts = (
            (_("Reference"), complaint.reference),
            (_("Product"), complaint.product),
            (_("Destination number"), complaint.destination),
            (_("Time"), wib_text(complaint.since)),
        )
        lines = [f"{name}: {value}" for name, value in facts if value]
    return "\n".join([asked, *lines])

"""E-mail addresses and telephone numbers as people type them, in one comparable form."""

from __future__ import annotations

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from helpdesk.common.errors import InvalidInput
from helpdesk.common.wording import gettext as _


def normalise_email(value: str) -> str:
    """The address in lower case. Raises InvalidInput."""
    address = value.strip().lower()
    try:
        if not address.isascii():
            raise ValidationError("not ascii")
        validate_email(address)
    except ValidationError:
        message = _("This e-mail address is not complete. Example: name@example.com.")
        raise InvalidInput(message, code="bad_email", fields={"contact": message}) from None
    return address


def normalise_phone(value: str) -> str:
    """The number as E.164 ('+6281255501234'); a number without country code is Indonesian."""
    message = _("This phone number is not complete. Example: 0812-5550-1234.")
    try:
        number = phonenumbers.parse(value, "ID")
    except phonenumbers.NumberParseException:
        raise InvalidInput(message, code="bad_phone", fields={"contact": message}) from None
    possible = phonenumbers.ValidationResult.IS_POSSIBLE  # 'local only' is half a number
    if phonenumbers.is_possible_number_with_reason(number) != possible:
        raise InvalidInput(message, code="bad_phone", fields={"contact": message})
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_contact(value: str) -> tuple[str, str]:
    """('email', address) or ('phone', E.164), whichever the person typed. Raises InvalidInput."""
    text = value.strip()
    return ("email", normalise_email(text)) if "@" in text else ("phone", normalise_phone(text))

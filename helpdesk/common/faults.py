from __future__ import annotations

import smtplib


def words_of(error: BaseException) -> str:
    """A fault in at most 300 characters for people who repair things; never a row or an address.

    A database says in its details which row it refused, a mail server which address.
    """
    name = type(error).__name__
    said = getattr(getattr(error.__cause__ or error, "diag", None), "message_primary", None)
    if said is None and isinstance(error, smtplib.SMTPException):
        said = str(getattr(error, "smtp_code", ""))
    if said is None:
        said = next(iter(str(error).splitlines()), "")
    return f"{name}: {said}"[:300].rstrip(": ")

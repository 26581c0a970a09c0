"""Signatures after the Standard Webhooks scheme: `id.timestamp.body`, HMAC-SHA256, base64."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

from django.conf import settings

from tickets.models import WebhookEndpoint

PREFIX = "whsec_"


def new_salt() -> str:
    return secrets.token_hex(32)


def secret_of(salt: str) -> str:
    """As its owner keeps it: `whsec_` and 32 bytes in base64."""
    return PREFIX + base64.b64encode(_key(salt)).decode()


def signed_headers(
    endpoint: WebhookEndpoint, message_id: str, body: bytes, *, now: datetime
) -> dict[str, str]:
    """With a second signature by the old secret, as long as it holds."""
    salts = [endpoint.salt]
    if endpoint.old_salt and endpoint.old_salt_until and endpoint.old_salt_until > now:
        salts.append(endpoint.old_salt)
    timestamp = str(int(now.timestamp()))
    content = f"{message_id}.{timestamp}.".encode() + body
    signatures = [
        "v1," + base64.b64encode(hmac.digest(_key(salt), content, hashlib.sha256)).decode()
        for salt in salts
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(signatures),
    }


def _key(salt: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), f"webhook:{salt}".encode(), hashlib.sha256)

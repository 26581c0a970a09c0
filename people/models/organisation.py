from __future__ import annotations

from typing import Any

from helpdesk.common.versioned import VersionedData


class OrganisationProfile(VersionedData):
    """Names, addresses, hours, domains, codes of the organisation (fixtures/organisation.json)."""


def organisation() -> dict[str, Any]:
    """The profile in force. Shape: see fixtures/organisation.json."""
    body: dict[str, Any] = OrganisationProfile.in_force().body
    return body

"""What the roles are answered, as rows of the matrix of access."""

from __future__ import annotations

ROLES = (
    "nobody", "owner", "seller", "officer", "other_officer", "supervisor", "fraud", "legal",
    "integrator", "admin",
)  # fmt: skip


def row(**exceptions: int) -> dict[str, int]:
    """Who may see the ticket at all; the rest answers 404 whatever they ask for."""
    unseen = {"nobody": 401, "seller": 404, "other_officer": 404, "legal": 404, "integrator": 404}
    return {
        role: exceptions.get(role, unseen.get(role, exceptions.get("rest", 200))) for role in ROLES
    }


def everybody(**exceptions: int) -> dict[str, int]:
    rest = exceptions.pop("rest", 200)
    return {role: exceptions.get(role, rest) for role in ROLES} | {"nobody": 401}

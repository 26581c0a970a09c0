"""The order of the apps holds for foreign keys too, and migrations are complete."""

from __future__ import annotations

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

ORDER = ("people", "tickets", "sla", "escalation", "seller_chat", "agents_ops", "desk")
SIBLINGS = ("seller_chat", "agents_ops")


def test_foreign_keys_point_down_the_import_order() -> None:
    wrong = []
    for model in apps.get_models():
        label = model._meta.app_label
        if label not in ORDER:
            continue
        for field in model._meta.get_fields():
            related = field.related_model
            if field.auto_created or related is None or isinstance(related, str):
                continue
            target = related._meta.app_label
            if target not in ORDER:
                continue
            upward = ORDER.index(target) > ORDER.index(label)
            if upward or (label != target and {label, target} == set(SIBLINGS)):
                wrong.append(f"{model.__name__}.{field.name} -> {target}")
    assert wrong == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())

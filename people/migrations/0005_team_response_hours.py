"""How long a team may take to accept is the SLA policy's word alone."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0004_tell_rights")]

    operations = [migrations.RemoveField(model_name="team", name="response_hours")]

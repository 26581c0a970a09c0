from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from agents_ops.models import QualityRules
from agents_ops.services import load_agent_rules, load_playbooks
from escalation.models import EscalationMatrix
from people.services.reference import load_people_reference, read_fixture
from seller_chat.models import EnforcementRules
from sla.models import SlaPolicy
from tickets.models import SearchSynonyms
from tickets.services.macros import load_macros
from tickets.services.rulebook import load_triage_rules


class Command(BaseCommand):
    help = "Load roles, teams, organisation profile and rule sets from fixtures/; harmless when repeated."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            lines = load_people_reference()
            rules, offer = load_triage_rules(read_fixture("triage_rules.json"))
            offered = ", a newer one waits as an offer" if offer else ""
            lines.append(f"triage_rules.json: version {rules.version}{offered}")
            for model, fixture in (
                (SlaPolicy, "sla_policy.json"),
                (EscalationMatrix, "escalation_matrix.json"),
                (EnforcementRules, "enforcement.json"),
                (QualityRules, "quality.json"),
                (SearchSynonyms, "search_synonyms.json"),
            ):
                lines.append(f"{fixture}: version {model.load(read_fixture(fixture)).version}")
            agents = load_agent_rules(read_fixture("agent_rules.json"))
            lines.append(f"agent_rules.json: version {agents.version}")
            playbooks = load_playbooks(read_fixture("playbooks.json"))
            lines.append(f"playbooks.json: version {playbooks.version}")
            lines.append(f"{load_macros(read_fixture('macros.json'))} new macros")
        for line in lines:
            self.stdout.write(line)

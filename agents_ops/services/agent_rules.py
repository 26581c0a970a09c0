"""The rules of verification and approval are loaded from fixtures/agent_rules.json."""

from __future__ import annotations

from typing import Any

from agents_ops.models import AgentRules
from agents_ops.verification.check import check_agent_rules
from helpdesk.common.errors import InvalidInput
from helpdesk.common.wording import gettext as _
from people.models import Team


def load_agent_rules(body: dict[str, Any]) -> AgentRules:
    """Put in force what the repository ships. Raises InvalidInput with each problem at its path."""
    problems = check_agent_rules(body, teams=list(Team.objects.values_list("code", flat=True)))
    if problems:
        fields = {each.path: each.message for each in problems}
        raise InvalidInput(_("The rules are not sound."), code="unsound_rules", fields=fields)
    return AgentRules.load(body)

"""What somebody is at the desk: roles, permissions and teams, in one read."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection

from helpdesk.common import prepared
from people.availability import Standing as Availability
from people.availability import standing_at
from people.models.status import FACTS, FACTS_JOIN, read_facts


class Standing(NamedTuple):
    """`permissions` are the codenames of those on tickets; a team that one leads is among both.

    `availability` is that of the instant of reading, for what a page shows.
    """

    roles: frozenset[str]
    permissions: frozenset[str]
    team_ids: frozenset[int]
    led_team_codes: frozenset[str]
    availability: Availability


_READ = f"""
SELECT
  ARRAY(SELECT g.name::text FROM people_user_groups ug JOIN auth_group g ON g.id = ug.group_id
        WHERE ug.user_id = u.id),
  ARRAY(SELECT p.codename::text FROM auth_permission p
        JOIN django_content_type t ON t.id = p.content_type_id AND t.app_label = 'tickets'
        WHERE p.id IN (SELECT gp.permission_id FROM auth_group_permissions gp
                       JOIN people_user_groups ug USING (group_id) WHERE ug.user_id = u.id
                       UNION ALL
                       SELECT permission_id FROM people_user_user_permissions
                       WHERE user_id = u.id)),
  ARRAY(SELECT team_id FROM people_teammembership WHERE user_id = u.id),
  ARRAY(SELECT t.code::text FROM people_teammembership m JOIN people_team t ON t.id = m.team_id
        WHERE m.user_id = u.id AND m.leads),
  n.now, {FACTS}
FROM (SELECT %s::bigint AS id) u CROSS JOIN (SELECT statement_timestamp() AS now) n
{FACTS_JOIN}
"""  # noqa: S608 - constants


def read_standing(user_id: int | None) -> Standing:
    with connection.cursor() as cursor:
        prepared.execute(cursor, _READ, [user_id])
        roles, permissions, teams, led, now, *facts = cursor.fetchone()
    return Standing(
        roles=frozenset(roles),
        permissions=frozenset(permissions),
        team_ids=frozenset(teams),
        led_team_codes=frozenset(led),
        availability=standing_at(read_facts(facts), now),
    )

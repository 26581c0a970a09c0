"""What somebody is at the desk: roles, permissions and teams, in one read."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection


class Standing(NamedTuple):
    """`permissions` are the codenames of those on tickets; a team that one leads is among both."""

    roles: frozenset[str]
    permissions: frozenset[str]
    team_ids: frozenset[int]
    led_team_codes: frozenset[str]


_READ = """
SELECT
  ARRAY(SELECT g.name::text FROM people_user_groups ug JOIN auth_group g ON g.id = ug.group_id
        WHERE ug.user_id = %(user)s),
  ARRAY(SELECT p.codename::text FROM auth_permission p
        JOIN django_content_type t ON t.id = p.content_type_id AND t.app_label = 'tickets'
        WHERE p.id IN (SELECT gp.permission_id FROM auth_group_permissions gp
                       JOIN people_user_groups ug USING (group_id) WHERE ug.user_id = %(user)s
                       UNION ALL
                       SELECT permission_id FROM people_user_user_permissions
                       WHERE user_id = %(user)s)),
  ARRAY(SELECT team_id FROM people_teammembership WHERE user_id = %(user)s),
  ARRAY(SELECT t.code::text FROM people_teammembership m JOIN people_team t ON t.id = m.team_id
        WHERE m.user_id = %(user)s AND m.leads)
"""


def read_standing(user_id: int | None) -> Standing:
    with connection.cursor() as cursor:
        cursor.execute(_READ, {"user": user_id})
        return Standing(*map(frozenset, cursor.fetchone()))

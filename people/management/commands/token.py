from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from helpdesk.common import clock
from helpdesk.common.errors import Refusal
from helpdesk.common.scopes import ALL, SCOPES
from people.actors import Actor
from people.models import ApiToken, User
from people.selectors import api_tokens
from people.services import create_token, revoke_token, rotate_token

COMMAND = Actor(system="command")


class Command(BaseCommand):
    help = "API tokens: create, list, revoke, rotate. A key is printed once and not kept."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="a new token for an account")
        create.add_argument("--user", required=True, help="the account's e-mail address")
        create.add_argument("--name", required=True, help="what it is for")
        create.add_argument(
            "--scopes", default=ALL, help=f"with commas, of: {', '.join(SCOPES)}; {ALL}: all"
        )
        create.add_argument("--days", type=int, default=0, help="ends after so many; 0: never")
        create.add_argument("--rate", type=int, help="requests a minute, where others than usual")
        verbs.add_parser("list", help="every token, without its key")
        revoke = verbs.add_parser("revoke", help="end a token at once")
        revoke.add_argument("id", type=int)
        rotate = verbs.add_parser("rotate", help="a new key; the old one goes on for a while")
        rotate.add_argument("id", type=int)
        rotate.add_argument("--overlap", type=int, default=24, help="hours (default: 24)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal

    def _create(self, options: dict[str, Any]) -> None:
        user = User.objects.filter(email=options["user"].strip().lower()).first()
        if user is None:
            raise CommandError(f"No account has the address {options['user']}.")
        days = options["days"]
        token, key = create_token(
            actor=COMMAND,
            user=user,
            name=options["name"],
            scopes=[word.strip() for word in options["scopes"].split(",") if word.strip()],
            expires_at=clock.now() + timedelta(days=days) if days else None,
            rate_per_minute=options["rate"],
        )
        self._show_key(token, key)

    def _list(self, options: dict[str, Any]) -> None:
        now = clock.now()
        for token in api_tokens(actor=COMMAND):
            state = "works" if token.works_at(now) else "ended"
            used = f"{token.last_used_at:%Y-%m-%d %H:%M}" if token.last_used_at else "never"
            scopes = ",".join(token.scopes)
            self.stdout.write(
                f"{token.pk}\t{state}\t{token.hint}…\t{token.user.email}\t{token.name}"
                f"\t{scopes}\tused {used}"
            )

    def _revoke(self, options: dict[str, Any]) -> None:
        token = revoke_token(actor=COMMAND, token_id=options["id"])
        self.stdout.write(f"Token {token.pk} is revoked.")

    def _rotate(self, options: dict[str, Any]) -> None:
        made = rotate_token(actor=COMMAND, token_id=options["id"], overlap_hours=options["overlap"])
        self._show_key(*made)

    def _show_key(self, token: ApiToken, key: str) -> None:
        self.stdout.write(f"Token {token.pk} ({token.name}). Its key, shown this once:")
        self.stdout.write(key)

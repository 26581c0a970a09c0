"""What the panel shows of an account that is to be blocked, and of the logins that were collected."""

from __future__ import annotations

from dataclasses import dataclass

from agents_ops.connectors import Unavailable, accounts
from agents_ops.models import AccountBlock, PlaybookRun
from agents_ops.playbook.parts import Step


@dataclass(frozen=True)
class BlockPart:
    """`may_ask`: there is a server to ask, and it is not being asked right now."""

    row: AccountBlock | None
    connected: bool
    needs_code: bool

    @property
    def asked(self) -> bool:
        return self.row is not None

    @property
    def done(self) -> bool:
        return self.row is not None and self.row.is_done

    @property
    def trouble(self) -> str:
        return self.row.trouble if self.row else ""

    @property
    def may_ask(self) -> bool:
        return self.connected and (self.row is None or bool(self.trouble))


def block_part(run: PlaybookRun, step: Step) -> BlockPart:
    row = AccountBlock.objects.filter(run=run).first()
    return BlockPart(row, _connected(), row is None and run.ticket.agent is None)


def _connected() -> bool:
    try:
        accounts()
    except Unavailable:
        return False
    return True

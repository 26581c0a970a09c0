#!/usr/bin/env python
"""Django's commands, with the embedded servers running where DATABASE_URL names no other."""

from __future__ import annotations

import os
import signal
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    # Ending by SIGTERM must give the embedded servers back as an ordinary end does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    if sys.argv[1:2] in (["migrate"], ["prepare"]):
        # A migration may build an index for longer than a request may take.
        os.environ.setdefault("DB_STATEMENT_TIMEOUT_MS", "0")

    from django.core.management import execute_from_command_line

    from helpdesk.embedded.errors import EmbeddedServerError
    from helpdesk.embedded.session import servers_for_command

    try:
        with servers_for_command(sys.argv):
            execute_from_command_line(sys.argv)
    except EmbeddedServerError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

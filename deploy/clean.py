"""Removes what `make` built: the environment, var/, and what lies outside the checkout for root."""

from __future__ import annotations

import shutil
from pathlib import Path

from helpdesk.embedded.addresses import postgres_place, valkey_place
from helpdesk.embedded.postgres import Postgres
from helpdesk.embedded.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    for mode in ("demo", "test"):
        for server in (Postgres(postgres_place(mode)), Valkey(valkey_place(mode))):
            server.stop()
            shutil.rmtree(server.place.sockets, ignore_errors=True)
            shutil.rmtree(server.place.outside, ignore_errors=True)
    for folder in ("var", ".venv"):
        shutil.rmtree(ROOT / folder, ignore_errors=True)
    for compiled in (ROOT / "locale").glob("*/LC_MESSAGES/*.mo"):
        compiled.unlink()
    print("removed .venv, var and compiled translations")


if __name__ == "__main__":
    main()

"""The accepted document of the API, `docs/openapi.json`, and the one that the code makes now.

python -m deploy.openapi             fails where the two differ, and says what would break callers
python -m deploy.openapi --write     accepts the present one; a breaking change only with --breaking
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from deploy.openapi_changes import breaking_changes

ACCEPTED = Path(__file__).resolve().parents[1] / "docs" / "openapi.json"


def present() -> dict[str, Any]:
    """The document that the code makes. Raises RuntimeError where drf-spectacular has a complaint."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings_test")
    import django

    django.setup()
    from drf_spectacular.drainage import GENERATOR_STATS
    from drf_spectacular.validation import validate_schema

    from helpdesk.common.api_document import Generator

    with GENERATOR_STATS.silence():
        GENERATOR_STATS.reset()
        generator: Any = Generator
        document = generator().get_schema(request=None, public=True)
        complaints = bool(GENERATOR_STATS)
    check: Any = validate_schema
    check(document)
    if complaints:
        raise RuntimeError("manage.py spectacular --fail-on-warn tells what is wrong")
    found: dict[str, Any] = json.loads(json.dumps(document))
    return found


def written(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main(words: list[str]) -> int:
    new = present()
    old = json.loads(ACCEPTED.read_text("utf-8")) if ACCEPTED.exists() else new
    broken = breaking_changes(old, new)
    for change in broken:
        print(f"breaks callers: {change}")
    if "--write" in words:
        if broken and "--breaking" not in words:
            print("Not written. docs/integrators.md, 'Changes', says how such a change is made.")
            return 1
        ACCEPTED.write_text(written(new), "utf-8")
        return 0
    if broken:
        return 1
    if not ACCEPTED.exists() or old != new:
        print("The API has changed without breaking callers. Accept it: make openapi")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

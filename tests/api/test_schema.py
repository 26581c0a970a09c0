"""The OpenAPI document and its page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from jsonschema import Draft202012Validator

from people.models import User
from tests.api.conftest import Caller, problem
from tests.api.test_access import MATRIX


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict:
    path: Path = tmp_path_factory.mktemp("schema") / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(path))
    return yaml.safe_load(path.read_text())


def test_it_describes_every_route(document: dict) -> None:
    described = {
        (method.upper(), path.removeprefix("/api/v1/").replace("{id}", "{pk}"))
        for path, methods in document["paths"].items()
        for method in methods
    }
    assert described == set(MATRIX)


def test_every_operation_says_what_it_does_and_refuses(document: dict) -> None:
    names = set()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            place = f"{method} {path}"
            assert operation["summary"], place
            assert operation["description"], place
            assert operation["tags"], place
            assert "401" in operation["responses"], place
            assert any(status.startswith("2") for status in operation["responses"]), place
            if "{" in path:
                assert "404" in operation["responses"], place
            for status, response in operation["responses"].items():
                if status.startswith("4"):
                    assert response == {"$ref": f"#/components/responses/Problem{status}"}, place
                    error = document["components"]["responses"][f"Problem{status}"]
                    shown = error["content"]["application/problem+json"]["example"]
                    assert shown["status"] == int(status)
                    assert shown["detail_id"] != shown["detail_en"], status
            names.add(operation["operationId"])
    assert len(names) == len(MATRIX)


def _examples(document: dict) -> Iterator[tuple[str, Any, Any]]:
    """Place, schema and example of each parameter, body and answer, also where there is none."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            place = f"{method} {path}"
            for parameter in operation.get("parameters", ()):
                yield f"{place} {parameter['name']}", parameter["schema"], parameter.get("example")
            body = (operation.get("requestBody") or {}).get("content", {})
            answers = [answer.get("content", {}) for answer in operation["responses"].values()]
            for kind, media in [each for content in (body, *answers) for each in content.items()]:
                if kind in ("application/json", "multipart/form-data"):
                    yield f"{place} {kind}", media["schema"], media.get("example")
    for name, answer in document["components"]["responses"].items():
        (media,) = answer["content"].values()
        yield name, media["schema"], media["example"]


def test_every_parameter_body_and_answer_has_an_example_that_fits(document: dict) -> None:
    components, count = {"components": document["components"]}, 0
    for place, schema, example in _examples(document):
        assert example is not None, place
        errors = list(Draft202012Validator({**schema, **components}).iter_errors(example))
        assert errors == [], (place, example)
        if "default" in schema:
            assert not list(
                Draft202012Validator({**schema, **components}).iter_errors(schema["default"])
            ), place
        count += 1
    assert count > 400


def test_it_is_read_behind_the_sign_in(as_integrator: Caller, nobody: Caller) -> None:
    problem(nobody.get("schema/"), 401, "not_authenticated")
    answer = as_integrator.get("schema/")
    assert answer.status_code == 200
    assert b"openapi: 3.1.0" in answer.content


def test_the_page_runs_nothing_inline(officer: User) -> None:
    client = Client()
    led = client.get("/api/docs/")
    assert led.status_code == 302
    assert led["Location"].startswith("/masuk/?next=")
    client.force_login(officer)
    page = client.get("/api/docs/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"\son\w+=", text)
    assert "//cdn" not in text
    script = re.search(r'<script src="(/api/docs/[^"]+)"', text)
    assert script
    answer = client.get(script[1])
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/javascript")
    assert "/api/v1/schema/" in answer.content.decode()

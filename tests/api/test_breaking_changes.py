"""What counts as a change that breaks callers, and what does not."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from deploy import openapi
from deploy.openapi_changes import breaking_changes

Change = Callable[[dict[str, Any]], object]
PROBLEM = {"$ref": "#/components/responses/Problem400"}


def document() -> dict[str, Any]:
    text = {"type": "string", "maxLength": 40}
    state = {"enum": ["open", "closed"], "type": "string"}
    thing = {"id": {"type": "integer"}, "state": {"$ref": "#/components/schemas/State"}}
    schemas = {
        "State": state,
        "NewThing": {
            "type": "object",
            "properties": {"name": text, "state": {"$ref": "#/components/schemas/State"}},
            "required": ["name"],
        },
        "Thing": {"type": "object", "properties": thing, "required": ["id"]},
        "Things": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
    }
    answer = {"application/json": {"schema": {"$ref": "#/components/schemas/Things"}}}
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/NewThing"}}}
    query = {"name": "q", "in": "query", "schema": {"type": "string"}}
    return {
        "paths": {
            "/things": {
                "get": {
                    "operationId": "list_things",
                    "parameters": [query],
                    "responses": {"200": {"content": answer}, "400": PROBLEM},
                },
                "post": {
                    "operationId": "make_thing",
                    "requestBody": {"required": True, "content": body},
                    "responses": {"201": {"content": answer}},
                },
            }
        },
        "components": {"schemas": schemas, "responses": {"Problem400": {"content": {}}}},
    }


def path(found: dict[str, Any]) -> dict[str, Any]:
    return found["paths"]["/things"]


def schema(found: dict[str, Any], name: str) -> dict[str, Any]:
    return found["components"]["schemas"][name]


def parameters(found: dict[str, Any]) -> list[dict[str, Any]]:
    return path(found)["get"]["parameters"]


NEEDED = {"name": "team", "in": "query", "required": True, "schema": {"type": "string"}}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["paths"].clear(), "GET /things: the operation is gone"),
        (lambda d: path(d).pop("post"), "POST /things: the operation is gone"),
        (lambda d: path(d)["get"].update(operationId="x"), "another operationId"),
        (lambda d: path(d)["get"]["responses"].pop("200"), "answer 200 is gone"),
        (lambda d: parameters(d).clear(), "query parameter q: is gone"),
        (lambda d: parameters(d).append(NEEDED), "query parameter team: is needed now"),
        (lambda d: schema(d, "Thing")["properties"].pop("id"), "Thing.id: is gone"),
        (lambda d: schema(d, "Thing").update(required=[]), "Thing.id: is not always there"),
        (lambda d: schema(d, "Thing")["properties"]["id"].update(type="string"), "type integer"),
        (lambda d: schema(d, "Thing")["properties"]["id"].update(type=["integer", "null"]), "null"),
        (
            lambda d: schema(d, "State")["enum"].remove("closed"),
            "State: the value 'closed' is gone",
        ),
        (lambda d: schema(d, "NewThing")["properties"].pop("state"), "NewThing.state: is gone"),
        (lambda d: schema(d, "NewThing")["required"].append("state"), "state: is needed now"),
        (
            lambda d: schema(d, "NewThing")["properties"]["name"].update(maxLength=20),
            "maxLength is 20",
        ),
        (
            lambda d: schema(d, "NewThing")["properties"]["name"].update(minLength=1),
            "minLength is 1",
        ),
        (lambda d: schema(d, "NewThing")["properties"]["name"].update(enum=["a"]), "only certain"),
        (lambda d: path(d)["post"]["requestBody"]["content"].clear(), "is not read any more"),
    ],
)
def test_it_is_named_with_its_place(change: Change, said: str) -> None:
    new = document()
    change(new)
    assert any(said in each for each in breaking_changes(document(), new))


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["paths"].update({"/more": copy.deepcopy(path(d))}),
        lambda d: parameters(d).append({**NEEDED, "required": False}),
        lambda d: schema(d, "Thing")["properties"].update(more={"type": "string"}),
        lambda d: schema(d, "Thing")["required"].append("state"),
        lambda d: schema(d, "State")["enum"].append("waiting"),
        lambda d: schema(d, "NewThing").update(required=[]),
        lambda d: schema(d, "NewThing")["properties"]["name"].update(maxLength=80),
        lambda d: path(d)["get"].update(summary="Other words"),
        lambda d: path(d)["get"]["responses"].update({"409": PROBLEM}),
    ],
)
def test_what_only_adds_breaks_nobody(change: Change) -> None:
    new = document()
    change(new)
    assert breaking_changes(document(), new) == []


def test_a_breaking_change_is_not_accepted_by_mistake(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    accepted, new = tmp_path / "openapi.json", document()
    accepted.write_text(json.dumps(document()), "utf-8")
    path(new).pop("post")
    monkeypatch.setattr(openapi, "ACCEPTED", accepted)
    monkeypatch.setattr(openapi, "present", lambda: new)
    assert openapi.main([]) == 1
    assert openapi.main(["--write"]) == 1
    assert "breaks callers: POST /things" in capsys.readouterr().out
    assert json.loads(accepted.read_text("utf-8")) == document()
    assert openapi.main(["--write", "--breaking"]) == 0
    assert openapi.main([]) == 0
    path(new)["get"]["summary"] = "Other words"
    assert openapi.main([]) == 1
    assert "make openapi" in capsys.readouterr().out

"""docker-compose.yml: valid by the Compose schema, and hardened as docs/operations.md says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft201909Validator

ROOT = Path(__file__).resolve().parents[2]
OURS = ("migrate", "web", "events", "front", "worker", "sweeper", "beat", "clock")


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def schema() -> dict:
    return json.loads((ROOT / "deploy" / "compose-spec.schema.json").read_text())


def test_the_file_is_valid_compose(compose, schema):
    problems = [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
        for error in Draft201909Validator(schema).iter_errors(compose)
    ]
    assert problems == []


def test_the_schema_notices_a_mistake(compose, schema):
    broken = compose | {"services": {"web": {"comand": ["x"]}}}
    assert list(Draft201909Validator(schema).iter_errors(broken))


def test_all_parts_are_there(compose):
    assert set(compose["services"]) == {"postgres", "redis", *OURS}


@pytest.mark.parametrize("name", OURS)
def test_our_containers_are_confined(compose, name):
    service = compose["services"][name]
    assert service["user"] == "10001:10001"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]


@pytest.mark.parametrize(
    "name", ["postgres", "redis", "web", "events", "front", "worker", "sweeper", "beat"]
)
def test_what_runs_is_watched(compose, name):
    service = compose["services"][name]
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] == "CMD"


def test_migrations_run_once_and_before_the_rest(compose):
    services = compose["services"]
    assert services["migrate"]["restart"] == "no"
    for name in ("web", "worker", "beat"):
        condition = services[name]["depends_on"]["migrate"]["condition"]
        assert condition == "service_completed_successfully"


def test_no_secret_stands_in_the_file(compose):
    text = (ROOT / "docker-compose.yml").read_text()
    for variable in ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "BASE_URL", "EMAIL_URL"):
        assert re.search(rf"\$\{{{variable}:\?", text), (
            f"{variable} must be demanded, not defaulted"
        )
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("KEY|PASSWORD|AUTH", name):
                assert value.startswith("${")


def test_work_is_never_evicted(compose):
    command = compose["services"]["redis"]["command"]
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"
    assert command[command.index("--appendonly") + 1] == "yes"


def test_only_the_front_is_reached_from_outside(compose):
    reached = [name for name, service in compose["services"].items() if "ports" in service]
    assert reached == ["front"]


@pytest.mark.parametrize("name", OURS)
def test_each_command_names_a_program_of_the_lock_file(compose, name):
    program = compose["services"][name]["command"][0]
    locked = (ROOT / "requirements.txt").read_text()
    assert program == "python" or f"\n{program}==" in locked

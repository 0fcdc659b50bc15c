"""The compose file and the Dockerfile say what they mean, as far as that shows without Docker."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import AliasChoices
from pydantic_settings import BaseSettings

from services.edge.settings import EdgeSettings
from services.imaging.settings import ImagingSettings
from services.ingest.settings import IngestSettings
from services.rpc.settings import load
from services.storage.settings import StorageSettings
from tests.backends.servers import tool

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
DOCKERFILE = (ROOT / "Dockerfile").read_text()
PROCESSES: dict[str, type[BaseSettings]] = {
    "storage": StorageSettings,
    "imaging": ImagingSettings,
    "ingest": IngestSettings,
    "edge": EdgeSettings,
}
ENV_FILES = [None, *sorted((ROOT / "deploy").glob("*.env"))]


def services() -> dict[str, Any]:
    """Return the services as they are written."""
    written = yaml.safe_load(COMPOSE.read_text())
    return dict(written["services"])


def variables(settings: type[BaseSettings]) -> set[str]:
    """Return every variable that a process reads."""
    names: set[str] = set()
    for field in settings.model_fields.values():
        alias = field.validation_alias
        choices = alias.choices if isinstance(alias, AliasChoices) else [alias]
        names |= {choice for choice in choices if isinstance(choice, str)}
    return names


def environments(env_file: Path | None) -> dict[str, dict[str, str]]:
    """Return what each process is given with an env file's values, defaults for the rest."""
    lines = env_file.read_text().splitlines() if env_file else []
    values = dict(line.split("=", 1) for line in lines if line[:1] not in {"", "#"})
    innermost = re.compile(r"\$\{(\w+):-([^${}]*)\}")

    def interpolated(text: str) -> str:
        while innermost.search(text):
            text = innermost.sub(lambda found: values.get(found[1]) or found[2], text)
        return text

    written = services()
    return {
        name: {key: interpolated(value) for key, value in written[name]["environment"].items()}
        for name in PROCESSES
    }


@pytest.mark.parametrize("name", PROCESSES)
def test_every_variable_that_is_set_is_read(name: str) -> None:
    """A name nobody reads would be a setting that does nothing."""
    assert set(services()[name]["environment"]) <= variables(PROCESSES[name])


def test_every_variable_of_the_image_is_read() -> None:
    """By one process at least, or by Python and the shell."""
    found = set(re.findall(r"\b([A-Z][A-Z0-9_]+)=", DOCKERFILE.rpartition("FROM ")[2]))
    known = set().union(*(variables(settings) for settings in PROCESSES.values()))
    assert found - known == {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}


@pytest.mark.parametrize("env_file", ENV_FILES, ids=lambda file: file.stem if file else "default")
def test_every_process_takes_the_values_it_is_given(
    env_file: Path | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its settings refuse none of them."""
    for name, settings in PROCESSES.items():
        with monkeypatch.context() as environment:
            for variable in os.environ:
                environment.delenv(variable)
            for variable, value in environments(env_file)[name].items():
                environment.setenv(variable, value)
            load(settings)


@pytest.mark.backend
def test_the_file_keeps_the_compose_specification() -> None:
    """The specification's own loader holds it against the schema and for consistency."""
    run = subprocess.run(
        [tool("compose-config"), "-format", "json", COMPOSE.name],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert run.returncode == 0, run.stderr
    assert set(json.loads(run.stdout)["services"]) == set(services())


def test_an_env_file_chooses_its_store() -> None:
    """And turns on the profile that brings it."""
    by_file = {file.stem if file else "": environments(file) for file in ENV_FILES}
    assert by_file[""]["storage"]["S3_ENDPOINT"] == "http://minio:9000"
    assert by_file[""]["storage"]["AZURE_STORAGE_ACCOUNT"] == ""
    assert by_file["rustfs"]["storage"]["S3_ENDPOINT"] == "http://rustfs:9000"
    assert by_file["azurite"]["storage"]["AZURE_STORAGE_ACCOUNT"] == "devstoreaccount1"
    assert "@postgres/" in by_file["postgres"]["ingest"]["TINTYPE_DATABASE_URL"]
    for name in ("rustfs", "azurite", "postgres"):
        assert f"COMPOSE_PROFILES={name}\n" in (ROOT / "deploy" / f"{name}.env").read_text()
        assert services()[name]["profiles"] == [name]


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_starts_when_what_it_needs_is_healthy(name: str) -> None:
    """And is asked for its own health at the port that it listens on."""
    written = services()
    process = written[name]
    assert process["command"] == [f"services.{name}"]
    port = process["environment"][f"TINTYPE_{name.upper()}_LISTEN"].rpartition(":")[2]
    assert f":{port}" in process["healthcheck"]["test"][-1]
    assert process["ports"] == [f"127.0.0.1:{port}:{port}"]
    for variable, value in process["environment"].items():
        needed = re.fullmatch(r"TINTYPE_(\w+)_ADDRESS", variable)
        if needed:
            other = needed[1].lower()
            listens = written[other]["environment"][f"TINTYPE_{other.upper()}_LISTEN"]
            assert value == f"{other}:{listens.rpartition(':')[2]}"
            assert process["depends_on"][other] == {"condition": "service_healthy"}


def test_the_bucket_creator_exits_before_storage_starts() -> None:
    """And nothing is published beyond this machine."""
    written = services()
    done = {"condition": "service_completed_successfully"}
    assert written["storage"]["depends_on"]["minio-bucket"] == done
    assert written["minio-bucket"]["depends_on"] == {"minio": {"condition": "service_healthy"}}
    for service in written.values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


@pytest.mark.backend
def test_the_dockerfile_passes_its_linter() -> None:
    """hadolint, every rule on."""
    run = subprocess.run(
        [tool("hadolint"), "--no-color", "Dockerfile"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_what_the_dockerfile_copies_is_there_and_let_through() -> None:
    """The ignore file names what may come, so that no key or data folder slips in."""
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[0] == "*"
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        *sources, _target = line.split()
        for source in sources:
            assert (ROOT / source).exists()
            assert f"!{source}" in ignored


def test_the_image_runs_as_nobody_in_particular() -> None:
    """The last word on the user is a number, which Kubernetes can check."""
    last_stage = DOCKERFILE.rpartition("FROM ")[2]
    assert re.findall(r"^USER (.+)$", last_stage, re.MULTILINE) == ["10001"]

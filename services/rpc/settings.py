"""Reading a process's settings, and stopping in one line when one is wrong."""

import sys
from typing import TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings

Settings = TypeVar("Settings", bound=BaseSettings)


def load(settings_type: type[Settings]) -> Settings:
    """Read the environment once.

    Raises:
        SystemExit: a value is wrong or missing; the one line on standard error names
            the variable, the value unless it is secret, and what was expected.
    """
    try:
        return settings_type()
    except ValidationError as error:
        sys.exit("\n".join(_line(settings_type, problem) for problem in error.errors()))


def _line(settings_type: type[BaseSettings], problem: object) -> str:
    """Say one problem in one line."""
    assert isinstance(problem, dict)  # noqa: S101  # pydantic's ErrorDetails
    variable = "/".join(str(part) for part in problem["loc"]).upper()
    prefix = settings_type.model_config.get("env_prefix", "")
    if not problem["loc"]:
        return f"settings: {problem['msg']}"
    if problem["type"] == "missing":
        return f"{prefix.upper()}{variable}: not set"
    shown = (
        "" if isinstance(problem["input"], dict) or _secret(variable) else (f"={problem['input']}")
    )
    return f"{prefix.upper()}{variable}{shown}: {problem['msg']}"


def _secret(variable: str) -> bool:
    return any(word in variable for word in ("KEY", "SECRET", "TOKEN", "PASSWORD", "DATABASE_URL"))

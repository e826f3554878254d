#!/usr/bin/env python3
"""Django's commands. Without settings of one's own, those of the demo made by bin/demo are used."""

import importlib.util
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
DEMO_SETTINGS = ROOT / "var" / "demo" / "settings.env"
# What Guichet writes is for its own user and group.
CLOSED_TO_OTHERS = 0o027


def main() -> None:
    os.umask(CLOSED_TO_OTHERS)
    _require_django()
    # Only once Django is known to be there: an environment without it would give a traceback.
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415  # it may be absent
    from django.core.management import execute_from_command_line  # noqa: PLC0415  # it may be absent
    from django.db.utils import OperationalError  # noqa: PLC0415  # it may be absent

    if not os.environ.get("DJANGO_SETTINGS_MODULE"):
        _use_demo()
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as refused:
        sys.exit(f"Guichet does not start: {refused}")
    except OperationalError as error:
        if error.__cause__ is None or "connection" not in str(error):
            raise
        sys.exit(f"PostgreSQL ne répond pas (lancez bin/demo ?) : {' '.join(str(error).split())}")


def _require_django() -> None:
    if importlib.util.find_spec("django") is not None:
        return
    python = ROOT / ".venv" / "bin" / "python"
    if not python.exists() or Path(sys.prefix).resolve() == (ROOT / ".venv").resolve():
        sys.exit(
            "Django is not installed: start bin/demo once, which makes .venv, or activate your environment."
        )
    os.execv(python, [str(python), *sys.argv])  # noqa: S606  # this very script again


def _use_demo() -> None:
    try:
        lines = DEMO_SETTINGS.read_text().splitlines()
    except FileNotFoundError:
        sys.exit("No settings: start bin/demo first, or set DJANGO_SETTINGS_MODULE.")
    except PermissionError:
        sys.exit(f"{DEMO_SETTINGS} belongs to another user: run this as the user who started bin/demo.")
    for name, equals, value in (line.partition("=") for line in lines):
        if equals:
            os.environ.setdefault(name, value)


if __name__ == "__main__":
    main()

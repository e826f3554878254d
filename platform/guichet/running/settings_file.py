"""The file settings.env of the demo: where manage.py and the processes find the database and the keys."""

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

MADE_ONCE = ("GUICHET_SECRET_KEY", "GUICHET_MASTER_KEY", "GUICHET_DATABASE_KEY")


def read(path: Path) -> dict[str, str]:
    """NAME=value, one a line. No file: no settings."""
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return {}
    return {name: value for name, equals, value in (line.partition("=") for line in lines) if equals}


def write(path: Path, settings: Mapping[str, str]) -> None:
    """Readable by its owner alone, and never half written: the data cannot be read again without its keys."""
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in settings.items())
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def with_keys(settings: Mapping[str, str]) -> dict[str, str]:
    """The same keys for as long as the data live."""
    made = {
        "GUICHET_SECRET_KEY": secrets.token_urlsafe(60),
        "GUICHET_MASTER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "GUICHET_DATABASE_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    return {name: settings.get(name) or made[name] for name in MADE_ONCE}

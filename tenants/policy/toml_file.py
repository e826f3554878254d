"""A TOML file as the values that JSON has, with the line of each; or refused, with the line and the reason.

What it holds is for its reader: a caisse, a tariff.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from tenants.policy import lines
from tenants.policy.typography import french

LARGEST = 256 * 1024
"""Bytes."""

_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_MALFORMED = (
    ("Cannot overwrite", "cette clé est écrite deux fois"),
    ("Cannot declare", "cette table est écrite deux fois"),
    ("Duplicate inline table key", "cette clé est écrite deux fois"),
    ("Cannot mutate", "cette table est déjà complète plus haut"),
    ("Unterminated string", "ce texte n’est pas refermé par un guillemet"),
    ("Expected '='", "un signe = est attendu après la clé"),
    ("Unclosed array", "cette liste n’est pas refermée par un crochet"),
    ("Illegal character", "ce texte contient un caractère interdit ou n’est pas refermé"),
    ("Invalid value", "cette valeur n’est pas comprise : un texte se met entre guillemets"),
)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in one file; `line` counts from 1, and is 0 when the whole file is meant."""

    file: Path
    line: int
    reason: str
    """A French sentence."""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else str(self.file)
        return f"{where}: {self.reason}"


class FileRefused(ValueError):  # noqa: N818  # the file is refused: the programme has no error
    """`problems` holds all of them, in the order of the file; `str()` is one line for each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def read_toml(path: Path) -> tuple[dict[str, Any], Mapping[lines.Path, int]]:
    """The document, after a round through JSON, since that is how it is stored. Raises FileRefused."""
    raw, index = _parsed(path, _text(path))
    return json.loads(json.dumps(raw, default=_plain)), index


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        raise _refused(path, 0, f"ce fichier ne peut pas être lu : {error.strerror}") from None
    if len(content) > LARGEST:
        raise _refused(path, 0, f"ce fichier dépasse {LARGEST // 1024} Kio")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refused(path, line, "ce fichier n’est pas en UTF-8") from None


def _parsed(path: Path, text: str) -> tuple[dict[str, Any], Mapping[lines.Path, int]]:
    try:
        return tomllib.loads(text), lines.line_index(text)
    except ValueError as error:  # TOMLDecodeError, or a number of thousands of digits
        said = str(error)
        found = _AT_LINE.search(said)
        line = int(found[1]) if found else text.rstrip().count("\n") + 1
        reason = next((french_ for english, french_ in _MALFORMED if said.startswith(english)), "")
        raise _refused(path, line, f"TOML mal formé : {reason or said}") from None
    except RecursionError:
        raise _refused(
            path, 0, "TOML mal formé : trop de listes ou de tables les unes dans les autres"
        ) from None


def _refused(path: Path, line: int, reason: str) -> FileRefused:
    return FileRefused([Problem(path, line, french(reason))])


def _plain(value: object) -> str:
    """TOML has dates and times, JSON has not; a datetime is a date too."""
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(f"TOML holds no {type(value).__name__}")

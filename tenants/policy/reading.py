"""A caisse file, read whole or refused with the line and reason of everything that is wrong in it.

Nothing here touches the database; what the policy itself is worth is for `tenants.policy.checks`.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tenants.policy import lines
from tenants.policy.document import Policy
from tenants.policy.inheritance import Effective, effective
from tenants.policy.stored import canonical
from tenants.policy.typography import french
from tenants.policy.wording import refusals

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


class CaisseFileRefused(ValueError):  # noqa: N818  # the file is refused: the programme has no error
    """`problems` holds all of them, in the order of the file; `str()` is one line for each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class CaisseFile:
    """A file that is well formed; its policy may still be refused by the checks."""

    path: Path
    overrides: Mapping[str, Any]
    """What the file says, in the normal form that is stored: plain JSON values."""
    effective: Effective
    index: Mapping[lines.Path, int] = field(repr=False)

    @property
    def policy(self) -> Policy:
        return self.effective.policy

    def line_of(self, path: str) -> int:
        """Line of a dotted path such as `second_factor.sms.lifetime`, or of the nearest table the file has."""
        steps = tuple(int(step) if step.isdigit() else step for step in path.split("."))
        return lines.line_of(steps, self.index)


def read_caisse_file(path: Path) -> CaisseFile:
    """Raises CaisseFileRefused."""
    raw, index = _parsed(path, _text(path))
    try:
        # A round through JSON: what is stored is what is checked.
        overrides = canonical(json.loads(json.dumps(raw, default=_plain)))
    except ValidationError as error:
        raise CaisseFileRefused(
            Problem(path, lines.line_of(place, index), reason) for place, reason in refusals(error)
        ) from None
    return CaisseFile(path, overrides, effective(overrides), index)


def read_caisse_files(paths: Sequence[Path]) -> list[CaisseFile]:
    """All of them or none: two files may not share a host, a schema, or the role of front door or GIE.

    Raises CaisseFileRefused with the problems of every file.
    """
    files: list[CaisseFile] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            files.append(read_caisse_file(path))
        except CaisseFileRefused as refused:
            problems.extend(refused.problems)
    problems.extend(clashes(files))
    if problems:
        raise CaisseFileRefused(problems)
    return files


def clashes(files: Sequence[CaisseFile]) -> list[Problem]:
    """What a later file claims and an earlier one already has."""
    owners: dict[tuple[str, str], Path] = {}
    problems: list[Problem] = []
    for file in files:
        for what, value, place in _claims(file.policy):
            owner = owners.setdefault((what, value), file.path)
            if owner != file.path:
                reason = french(f"{what} « {value} » : déjà dans {owner}")
                problems.append(Problem(file.path, lines.line_of(place, file.index), reason))
    return problems


def _claims(policy: Policy) -> list[tuple[str, str, lines.Path]]:
    caisse = policy.caisse
    claims: list[tuple[str, str, lines.Path]] = [
        ("le domaine", host, ("caisse", "domains", number)) for number, host in enumerate(caisse.domains)
    ]
    claims.append(("le schéma", caisse.schema_name, ("caisse", "schema_name")))
    if caisse.kind != "caisse":
        claims.append(("le rôle", caisse.kind, ("caisse", "kind")))
    return claims


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


def _refused(path: Path, line: int, reason: str) -> CaisseFileRefused:
    return CaisseFileRefused([Problem(path, line, french(reason))])


def _plain(value: object) -> str:
    """TOML has dates and times, JSON has not; a datetime is a date too."""
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(f"TOML holds no {type(value).__name__}")

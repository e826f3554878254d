"""A caisse file, read whole or refused with the line and reason of everything that is wrong in it.

Nothing here touches the database; what the policy itself is worth is for `tenants.policy.checks`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tenants.policy import lines
from tenants.policy.document import Policy
from tenants.policy.inheritance import Effective, effective
from tenants.policy.stored import canonical
from tenants.policy.toml_file import FileRefused, Problem, read_toml
from tenants.policy.typography import french
from tenants.policy.wording import refusals


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
    """Raises FileRefused."""
    raw, index = read_toml(path)
    try:
        overrides = canonical(raw)
    except ValidationError as error:
        raise FileRefused(
            Problem(path, lines.line_of(place, index), reason) for place, reason in refusals(error)
        ) from None
    return CaisseFile(path, overrides, effective(overrides), index)


def read_caisse_files(paths: Sequence[Path]) -> list[CaisseFile]:
    """All of them or none: two files may not share a host, a schema, or the role of front door or GIE.

    Raises FileRefused with the problems of every file.
    """
    files: list[CaisseFile] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            files.append(read_caisse_file(path))
        except FileRefused as refused:
            problems.extend(refused.problems)
    problems.extend(clashes(files))
    if problems:
        raise FileRefused(problems)
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

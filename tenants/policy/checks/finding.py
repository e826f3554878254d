"""What a check says: a rule, a place in the policy, a sentence."""

from dataclasses import dataclass
from typing import Literal

from tenants.policy.typography import NARROW, french

Level = Literal["error", "warning"]
Label = Literal["law", "standard", "house"]

_ORIGINS: dict[Label, str] = {"law": f"loi{NARROW}: ", "standard": f"norme{NARROW}: ", "house": ""}


@dataclass(frozen=True, slots=True)
class Finding:
    """An error forbids publication, a warning does not."""

    level: Level
    label: Label
    rule: str
    source: str
    """Article, requirement or « règle de la plateforme », in French."""
    path: str
    """Dotted, such as `second_factor.sms.lifetime`."""
    message: str
    """A French sentence that says what to change."""

    def __str__(self) -> str:
        return f"{self.message} [{self.rule}, {_ORIGINS[self.label]}{self.source}]"


@dataclass(frozen=True, slots=True)
class Rule:
    """`acceptable`: the controller may sign for the risk, which makes a warning of the error."""

    id: str
    label: Label
    source: str
    acceptable: bool = False

    def error(self, path: str, message: str) -> Finding:
        return self._finding("error", path, message)

    def warning(self, path: str, message: str) -> Finding:
        return self._finding("warning", path, message)

    def _finding(self, level: Level, path: str, message: str) -> Finding:
        return Finding(level, self.label, self.id, french(self.source), path, french(message))


HOUSE = "règle de la plateforme"

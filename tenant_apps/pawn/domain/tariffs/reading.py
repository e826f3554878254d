"""A tariff file, read whole or refused with the line and reason of everything that is wrong in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from tenant_apps.pawn.domain.tariffs.document import TariffDocument
from tenants.policy import lines
from tenants.policy.toml_file import FileRefused, Problem, read_toml
from tenants.policy.wording import refusals


@dataclass(frozen=True, slots=True)
class TariffFile:
    """A file that is well formed; whether its tariff may be charged is for `check`."""

    path: Path
    document: TariffDocument
    index: Mapping[lines.Path, int] = field(repr=False)

    def line_of(self, path: lines.Path) -> int:
        return lines.line_of(path, self.index)


def read_tariff_file(path: Path) -> TariffFile:
    """Raises FileRefused."""
    raw, index = read_toml(path)
    try:
        document = TariffDocument.model_validate_json(json.dumps(raw))
    except ValidationError as error:
        raise FileRefused(
            Problem(path, lines.line_of(place, index), reason)
            for place, reason in refusals(error, TariffDocument)
        ) from None
    return TariffFile(path, document, index)

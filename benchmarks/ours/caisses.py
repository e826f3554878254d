"""As many caisses as are asked for, each like one of the demo's in turn, under its own name, host and colour."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from tenants.models import Kind
from tenants.policy.reading import read_caisse_files
from tenants.policy.stored import document_digest
from tenants.provisioning.write_caisse import CaisseRow, NewVersion

AUTHOR, REASON = "bin/bench", "mesure"
MODELS = ("nimes", "nantes", "paris", "cpms")
# Dark enough to be read on any page, and another one for each number.
_DARK = 0x300000


def files() -> Sequence[Path]:
    """Of the front door, the GIE and four caisses: as many, however many more the demo comes to have."""
    folder = Path(settings.FIXTURES) / "caisses"
    return [folder / f"{name}.toml" for name in ("front", "gie", *MODELS)]


def invented(*, schema: str, number: int) -> tuple[CaisseRow, NewVersion]:
    """What `write_caisse` takes."""
    name, town, host = f"Caisse {number}", f"Ville {number}", f"{schema.replace('_', '-')}.localhost"
    document = deepcopy(dict(_models()[number % len(MODELS)]))
    document["caisse"] |= {"schema_name": schema, "name": name, "town": town, "domains": [host]}
    document["brand"] |= {"accent": f"#{_DARK + number:06X}"}
    row = CaisseRow(schema=schema, name=name, town=town, kind=Kind.CAISSE, listed=True, domains=[host])
    return row, NewVersion(document=document, digest=document_digest(document), author=AUTHOR, reason=REASON)


@cache
def _models() -> Sequence[Mapping[str, Any]]:
    return [file.overrides for file in read_caisse_files(files()[-len(MODELS) :])]

"""A tariff back to the text of a file. What is written reads back to the same document."""

from typing import Any

import tomlkit

from tenant_apps.pawn.domain.tariffs.document import TariffDocument


def to_toml(document: TariffDocument) -> str:
    """What the file may leave out and leaves at its default is left out here too."""
    return tomlkit.dumps(_plain(document.model_dump(exclude_defaults=True)))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        # A key after a table would belong to it.
        tables = {key: _plain(each) for key, each in value.items()}
        return dict(sorted(tables.items(), key=lambda pair: _is_table(pair[1])))
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))

"""A policy back to the text of a caisse file, and the difference between two of them.

What is written reads back to the same document: `read_caisse_file(to_toml(document))` overrides just that.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import tomlkit
from tomlkit.items import Table

from tenants.policy.document import Policy
from tenants.policy.inheritance import Document, leaves
from tenants.policy.sections.base import LocalText
from tenants.policy.shape import Shape, shape_of
from tenants.policy.typography import french

_LANGUAGES = frozenset(LocalText.model_fields)
_ALONG = 60  # a list longer than this is written one item a line


class Change(NamedTuple):
    """One value that differs; None where the document says nothing, and the platform's default holds."""

    path: str
    old: str | None
    new: str | None

    def __str__(self) -> str:
        if self.old is None:
            return f"+ {self.path} = {self.new}"
        if self.new is None:
            return french(f"- {self.path} (était : {self.old}) : valeur de la plateforme")
        return f"~ {self.path}{french(' :')} {self.old} → {self.new}"


def to_toml(document: Document) -> str:
    """Overrides or a whole effective document, in the order of the policy's fields."""
    target = tomlkit.document()
    _fill(target, _ordered(document))
    return tomlkit.dumps(target)


def diff(old: Document, new: Document) -> list[Change]:
    """The leaves that differ, in the order of the policy's fields; a list is one leaf. Values as TOML."""
    before, after = dict(leaves(_ordered(old))), dict(leaves(_ordered(new)))
    paths = [*after, *(path for path in before if path not in after)]
    return [
        Change(path, _shown(before, path), _shown(after, path))
        for path in paths
        if before.get(path) != after.get(path)
    ]


def _shown(values: Mapping[str, Any], path: str) -> str | None:
    return tomlkit.item(_inline(values[path])).as_string() if path in values else None


def _inline(value: Any) -> Any:
    if isinstance(value, list):
        array = tomlkit.array()
        array.extend([_inline(item) for item in value])
        return array
    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        table.update(value)
        return table
    return value


def _fill(target: tomlkit.TOMLDocument | Table, values: Mapping[str, Any]) -> None:
    """Values before tables, as TOML wants: a value after a table header would belong to that table."""
    plain = {key: value for key, value in values.items() if not _is_table(value)}
    for key, value in plain.items():
        target.add(key, _item(value))
    for key, value in values.items():
        if key not in plain:
            target.add(key, _table(value))


def _is_table(value: Any) -> bool:
    """A text in two languages stays on its line; a list of tables is written as such."""
    if isinstance(value, Mapping):
        return not (value and _LANGUAGES.issuperset(value))
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _table(value: Any) -> Any:
    if isinstance(value, Mapping):
        # A table of tables only needs no header of its own.
        table = tomlkit.table(is_super_table=bool(value) and all(map(_is_table, value.values())))
        _fill(table, value)
        return table
    tables = tomlkit.aot()
    for entry in value:
        table = tomlkit.table()
        for key, item in entry.items():
            table.add(key, date.fromisoformat(item) if key == "on" else _item(item))
        tables.append(table)
    return tables


def _item(value: Any) -> Any:
    if isinstance(value, str) and "\n" in value:
        return tomlkit.string(value, multiline=True)
    item = _inline(value)
    if isinstance(value, list) and len(item.as_string()) > _ALONG:
        item.multiline(multiline=True)
    return item


def _ordered(document: Document, shape: Shape | None = None) -> dict[str, Any]:
    """Keys in the order in which the policy declares them."""
    known = shape_of(Policy) if shape is None else shape
    order = [*known, *sorted(set(document) - set(known))]
    return {
        key: _ordered(document[key], known.get(key, {}))
        if isinstance(document[key], Mapping)
        else document[key]
        for key in order
        if key in document
    }

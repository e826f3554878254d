"""The line of each key of a TOML text."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from tenants.policy.inheritance import PLATFORM_FILE
from tenants.policy.lines import line_index, line_of
from tenants.policy.writing import to_toml
from tests.tenants.policy.documents import overrides

ROOT = Path(__file__).resolve().parents[3]
HARD = (
    """# a comment with [brackets] and = signs
title = "a # that is no comment" # and one that is

[first] # spaced
"quoted key" = 'single """
    "'"
    '''
dotted.below.it = 1

[first."x.y"]
long = """
[not.a.table]
key = "no key" \\""" still text""""
after = [
  1, # one
  [2, 3],
  { inside = "{", other = ["}"] },
]
raw = \'\'\'
it = 'text\'\'\'\'
day = 2026-11-21T10:00:00

[[list.of.tables]]
a = 1
[[list.of.tables]]
a = 2
[list.of.tables.below]
b = { c = 3, d.e = 4 }
'''
)
EXPECTED = {
    ("title",): 2,
    ("first",): 4,
    ("first", "quoted key"): 5,
    ("first", "dotted"): 6,
    ("first", "dotted", "below", "it"): 6,
    ("first", "x.y"): 8,
    ("first", "x.y", "long"): 9,
    ("first", "x.y", "after"): 12,
    ("first", "x.y", "after", 0): 13,
    ("first", "x.y", "after", 1): 14,
    ("first", "x.y", "after", 1, 1): 14,
    ("first", "x.y", "after", 2, "other"): 15,
    ("first", "x.y", "raw"): 17,
    ("first", "x.y", "day"): 19,
    ("list", "of", "tables"): 21,
    ("list", "of", "tables", 0): 21,
    ("list", "of", "tables", 0, "a"): 22,
    ("list", "of", "tables", 1): 23,
    ("list", "of", "tables", 1, "a"): 24,
    ("list", "of", "tables", 1, "below"): 25,
    ("list", "of", "tables", 1, "below", "b", "d", "e"): 26,
}


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [each for key, below in items for each in _paths(below, (*path, key))]


def test_keys_stand_on_their_lines_however_they_are_written() -> None:
    assert tomllib.loads(HARD)["first"]["x.y"]["long"].endswith('still text"')
    index = line_index(HARD)
    assert {path: index[path] for path in EXPECTED} == EXPECTED


def test_windows_line_ends_count_once() -> None:
    assert line_index("a = 1\r\n\r\nb = 2\r\n")[("b",)] == 3


@pytest.mark.parametrize("file", [PLATFORM_FILE, *sorted((ROOT / "fixtures" / "caisses").glob("*.toml"))])
def test_every_key_of_a_real_file_stands_on_a_line_that_names_it(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    index, rows = line_index(text), text.splitlines()
    for path in _paths(tomllib.loads(text)):
        if isinstance(path[-1], str) and path in index:
            assert path[-1] in rows[index[path] - 1]
    leaves = [path for path in _paths(tomllib.loads(text)) if isinstance(path[-1], str)]
    assert all(path in index or any(len(other) > len(path) for other in leaves) for path in leaves)


@given(overrides())
def test_every_value_of_any_file_has_a_line(written: dict[str, Any]) -> None:
    text = to_toml(written)
    index = line_index(text)
    for path in _paths(tomllib.loads(text)):
        assert 1 <= line_of(path, index) <= text.count("\n") + 1
        assert any(path[:length] in index for length in range(1, len(path) + 1)) or len(path) == 1


def test_what_the_file_does_not_have_is_told_at_the_table_around_it() -> None:
    index = line_index("\n[lockout]\nmax_failures = 5\n")
    assert line_of(("lockout", "wait"), index) == 2
    assert line_of(("brand", "theme"), index) == 1

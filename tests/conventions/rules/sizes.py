"""Rooms stay liveable: a module, a function and a settings topic keep a size that a reader can hold in mind.

Branches within a function are counted by the linter (C901, at most 8).
"""

import ast
from collections.abc import Iterator

from tests.conventions.rule import Breach, rule
from tests.conventions.tree import Source, python, written_by_hand

MODULE, TEST_MODULE, SETTINGS_TOPIC, FUNCTION = 300, 500, 80, 40
SETTINGS = "platform/guichet/config/settings/"


def room(path: str) -> int:
    if path.startswith(SETTINGS):
        return SETTINGS_TOPIC
    return TEST_MODULE if path.startswith("tests/") else MODULE


@rule(
    over=written_by_hand,
    good=[
        ("tenants/models.py", "x\n" * 300),
        ("tests/test_models.py", "x\n" * 500),
        (f"{SETTINGS}cache.py", "x\n" * 80),
        ("tenants/migrations/0001_initial.py", "x\n" * 900),
    ],
    bad=[
        ("tenants/models.py", "x\n" * 301),
        ("tests/test_models.py", "x\n" * 501),
        (f"{SETTINGS}cache.py", "x\n" * 81),
        ("themes/warm/static/warm.css", "x\n" * 301),
    ],
)
def module_length(source: Source) -> Iterator[Breach]:
    length, limit = len(source.lines), room(source.path)
    if length > limit and "/migrations/" not in source.path and "/vendor/" not in source.path:
        yield Breach(1, f"{length} lines, the room has {limit}")


@rule(
    over=python,
    good=[("a.py", "def act():\n" + "    pass\n" * 39)],
    bad=[("a.py", "def act():\n" + "    pass\n" * 40), ("a.py", "async def act():\n" + "    pass\n" * 40)],
)
def function_length(source: Source) -> Iterator[Breach]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION:
                yield Breach(
                    node.lineno, f"{node.name} has {length} lines, the limit is {FUNCTION}", node.name
                )

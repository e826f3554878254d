"""What the portals of today do is promised by its codes: each has one journey that lives it in the demo."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.conventions.rule import refuse
from tests.conventions.rules.calls import last_name
from tests.journeys.demo.behaviours.people import LIVED_BY, living

FOLDER = Path(__file__).resolve().parents[1] / "journeys" / "demo" / "behaviours"
CODES = {
    *("a1", "a2", "a3", "a4", "a5", "a6", "a8", "b2"),
    *("c1", "c2", "c3", "c9"),
    *("d1", "d2", "d3"),
    *("e1", "e2", "e3", "e4"),
}
NAMED = re.compile(r"test_([a-e]\d)_\w+_\w+_\w+")
# A journey that looks at less than this lives nothing whole.
FEWEST = 4


def journeys(text: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    """(code, test) of each; "?" for one that has no code."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            named = NAMED.fullmatch(node.name)
            yield (named[1] if named else "?"), node


def is_hollow(test: ast.FunctionDef) -> bool:
    """It visits no demo, is left out, or hardly looks at anything."""
    looked = sum(
        isinstance(node, ast.Assert) or (isinstance(node, ast.Call) and last_name(node.func) == "expect")
        for node in ast.walk(test)
    )
    marks = {last_name(node) for node in ast.walk(test) if isinstance(node, ast.Attribute)}
    visits = {"site", "come"} <= {each.arg for each in test.args.args}
    return not visits or looked < FEWEST or bool({"skip", "skipif", "xfail"} & marks)


def test_each_code_has_one_journey_and_none_is_hollow() -> None:
    found = [each for path in sorted(FOLDER.glob("test_*.py")) for each in journeys(path.read_text("utf-8"))]
    codes = [code for code, _ in found]
    refuse(
        {f"{code} has {codes.count(code)} journeys" for code in CODES if codes.count(code) != 1}
        | {f"{test.name} is of no code" for code, test in found if code not in CODES}
        | {f"{test.name} looks at too little" for _, test in found if is_hollow(test)}
    )


def test_a_hollow_journey_is_known() -> None:
    text = """
def test_a1_of_nothing_at_all(site, come):
    assert site
def test_a2_of_no_demo_at_all(caisses):
    assert 1; assert 2; assert 3; assert 4
def test_a3_looks_at_all_of_it(site, come):
    assert 1; assert 2; expect(1); expect(2)
def test_something():
    pass
"""
    found = list(journeys(text))
    assert [code for code, _ in found] == ["a1", "a2", "a3", "?"]
    assert [is_hollow(test) for _, test in found] == [True, True, False, True]


def test_each_is_lived_by_people_of_its_own() -> None:
    people = [one for each in LIVED_BY.values() for one in each]
    assert len(people) == len(set(people))
    # Two of the others, each whole again afterwards, sign in with their ten and eleven digits.
    assert CODES - LIVED_BY.keys() == {"a3"}
    assert all(living(code) for code in LIVED_BY)

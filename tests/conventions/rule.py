"""A rule about the code: what it looks at, what it refuses, and examples of both sides."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import pytest

from tests.conventions.tree import Source

Example = tuple[str, str]


class Breach(NamedTuple):
    """`name` is the function, where an exception should not pardon the whole file."""

    line: int
    message: str
    name: str = ""


Check = Callable[[Source], Iterable[Breach]]


@dataclass(frozen=True)
class Rule:
    """`good` and `bad` are (path, text) pairs: the check lets the first pass, and none of the second."""

    name: str
    check: Check
    over: Callable[[], Iterable[Source]]
    good: tuple[Example, ...]
    bad: tuple[Example, ...]


RULES: list[Rule] = []


def rule(
    *, over: Callable[[], Iterable[Source]], good: Iterable[Example], bad: Iterable[Example]
) -> Callable[[Check], Check]:
    def register(check: Check) -> Check:
        name = getattr(check, "__name__", "").replace("_", "-")
        RULES.append(Rule(name, check, over, tuple(good), tuple(bad)))
        return check

    return register


@cache
def breaches(rule: Rule) -> dict[tuple[str, str], list[str]]:
    """What the rule refuses in the tree: by (rule, path or path::name), the key of the list of exceptions."""
    found: dict[tuple[str, str], list[str]] = {}
    for source in rule.over():
        for breach in rule.check(source):
            where = f"{source.path}::{breach.name}" if breach.name else source.path
            found.setdefault((rule.name, where), []).append(f"{source.path}:{breach.line}: {breach.message}")
    return found


def refuse(found: Iterable[str]) -> None:
    """Fail with one line for each thing found, and without a traceback."""
    if lines := sorted(found):
        pytest.fail(f"{len(lines)} to mend:\n" + "\n".join(lines), pytrace=False)

"""Words that have no place in the repository, and names that are sentences."""

import ast
import re
from collections.abc import Iterator

from tests.conventions.rule import Breach, rule
from tests.conventions.tree import Source, test_modules, texts

# Written so that this file does not contain what it forbids.
FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.<>-])/(?:wor[k]|roo[t]|far[m])/|(?<![\w.<>-])/tm[p]/[a-z]"),
    "the address of a package registry": re.compile(
        r"py[p]i\.(?:org|python)|pythonhoste[d]\.org|https?://(?:files|registr[y]|deb|snapshot)\.[a-z]|find-link[s]|index-ur[l]"
    ),
    "the number of a task, which means nothing to a reader": re.compile(
        r"\bissues?\s+(?:#\s*)?\d+|\bissues\s+sho[w]", re.IGNORECASE
    ),
}
COMPILES_REQUIREMENTS = "--no-emit-index-ur" + "l"
SENTENCE_WORDS = 3


@rule(
    over=texts,
    good=[
        ("README.md", "Open http://nimes.localhost:8000/ and the folder var/demo."),
        ("tenants/a.html", "<p>tool</p></root></work>"),
        ("CONTRIBUTING.md", f"uv pip compile {COMPILES_REQUIREMENTS}"),
    ],
    bad=[
        ("README.md", "cd /wor" + "k/main"),
        ("bin/demo", "Path('/roo" + "t/.cache')"),
        ("README.md", "log in /tm" + "p/guichet"),
        ("requirements/run.txt", "--extra-index-ur" + "l file:///srv"),
        ("requirements/run.txt", "django @ https://file" + "s.example.org/django.whl"),
        ("CHANGELOG.md", "the spine (issue" + " 2)"),
        ("CHANGELOG.md", "the spine (Issue" + " #2)"),
    ],
)
def forbidden_word(source: Source) -> Iterator[Breach]:
    text = source.text.replace(COMPILES_REQUIREMENTS, "")
    for what, pattern in FORBIDDEN.items():
        for match in pattern.finditer(text):
            yield Breach(text.count("\n", 0, match.start()) + 1, f"{match[0]!r} is {what}")


@rule(
    over=test_modules,
    good=[
        ("tests/test_a.py", "def test_a_lost_table_is_refused(): ..."),
        ("tests/test_a.py", "def tested(): ..."),
    ],
    bad=[
        ("tests/test_a.py", "def test_lockout(): ..."),
        ("tests/test_a.py", "def test_case_1(): ..."),
        ("tests/test_a.py", "class TestLockout:\n    def test_ok(self): ..."),
    ],
)
def name_that_says_nothing(source: Source) -> Iterator[Breach]:
    """The name of a test is a sentence: read alone, it says what holds."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            words = [word for word in node.name.removeprefix("test_").split("_") if word.isalpha()]
            if len(words) < SENTENCE_WORDS:
                yield Breach(node.lineno, f"{node.name} is not a sentence", node.name)

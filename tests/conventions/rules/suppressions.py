"""Every suppression names what it silences, and why, on its line."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from tests.conventions.rule import Breach, rule
from tests.conventions.rules.calls import calls, last_name
from tests.conventions.tree import Source, pages, python, test_modules

REASON = r"(?:\s+#|\s*:|\s+-|\s)\s*(?P<reason>\S.*)"
KINDS = {
    "noqa": re.compile(rf"noqa:\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*{REASON}"),
    "type: ignore": re.compile(rf"type:\s*ignore\[[\w\-, ]+\]{REASON}"),
    "pragma:": re.compile(rf"pragma:\s*no\s+\w+{REASON}"),
    "nosec": re.compile(rf"nosec\s+B\d+{REASON}"),
    "fmt:": re.compile(rf"fmt:\s*(?:off|on|skip){REASON}"),
    "pylint:": re.compile(rf"pylint:\s*disable=[\w\-]+{REASON}"),
    "mypy:": re.compile(rf"mypy:\s*[\w\-=]+{REASON}"),
}
REASON_LENGTH = 8
SKIPS = {"skip", "xfail"}
WHOLE_FILE = re.compile(r"#\s*(?:ruff|flake8)\s*:")


def comments(text: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def is_explained(comment: str, marker: str) -> bool:
    """Every marker of the comment has its own code and reason."""
    pieces = re.split(rf"(?={re.escape(marker)})", comment)[1:]
    matches = [KINDS[marker].match(piece) for piece in pieces]
    return all(match and len(match["reason"]) >= REASON_LENGTH for match in matches)


@rule(
    over=python,
    good=[
        ("a.py", "import a  # noqa: F401  # the import registers the methods"),
        ("a.py", "x = y()  # type: ignore[misc]  # django-tenants ships no types"),
        ("a.py", "# a plain remark\nx = '# noqa'"),
    ],
    bad=[
        ("a.py", "import a  # noqa"),
        ("a.py", "import a  # noqa: F401"),
        ("a.py", "import a  # noqa: F401  # why"),
        ("a.py", "x = y()  # type: ignore"),
        ("a.py", "x = y()  # type: ignore[misc]"),
        ("a.py", "x = y()  # pragma: no cover"),
        ("a.py", "x = y()  # nosec"),
        ("a.py", "# ruff: noqa: F401 the whole file is silenced"),
        ("a.py", "x = y()  # type: ignore[misc]  # noqa: F401  # one reason for the second only"),
    ],
)
def unexplained_suppression(source: Source) -> Iterator[Breach]:
    for line, comment in comments(source.text):
        if WHOLE_FILE.match(comment):
            yield Breach(line, "a whole file is never silenced")
        for marker in KINDS:
            if marker in comment and not is_explained(_until_next_marker(comment, marker), marker):
                yield Breach(line, f"{marker} without its code and its reason: {comment}")


def _until_next_marker(comment: str, marker: str) -> str:
    """The part of the comment that speaks for this marker."""
    start = comment.index(marker)
    others = [found for other in KINDS if other != marker and (found := comment.find(other, start)) > 0]
    return comment[start : min(others, default=len(comment))].rstrip("# ")


@rule(
    over=pages,
    good=[("templates/a.html", "{# djlint:off H025: the tag is closed by the footer #}{# djlint:on #}")],
    bad=[("templates/a.html", "{# djlint:off #}"), ("templates/a.html", "<!-- djlint:off H025 -->")],
)
def unexplained_template_suppression(source: Source) -> Iterator[Breach]:
    for match in re.finditer(r"djlint:off(?P<rest>.*)", source.text):
        if not re.match(r"\s+[A-Z]\d{3}(?:,[A-Z]\d{3})*:\s*\w{2,}\s+\w+", match["rest"]):
            yield Breach(source.line_of(match.start()), "djlint:off without its code and its reason")


@rule(
    over=test_modules,
    good=[
        ("tests/test_a.py", "pytest.skip(reason='no server of that version')"),
        ("tests/test_a.py", "@pytest.mark.xfail(reason='needs PostgreSQL 16')\ndef test_it(): ..."),
    ],
    bad=[
        ("tests/test_a.py", "pytest.skip()"),
        ("tests/test_a.py", "@pytest.mark.skip\ndef test_it(): ..."),
        ("tests/test_a.py", "@pytest.mark.xfail(strict=True)\ndef test_it(): ..."),
    ],
)
def unexplained_skip(source: Source) -> Iterator[Breach]:
    explained = {
        id(call.func)
        for call in calls(source.tree)
        if call.args or any(k.arg == "reason" for k in call.keywords)
    }
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Attribute) or last_name(node.value) not in {"pytest", "mark"}:
            continue
        if node.attr in SKIPS and id(node) not in explained:
            yield Breach(node.lineno, f"{node.attr} without its reason")

"""A package says what it is for, and what stands aside needs nothing but Python."""

import ast
import sys
from collections.abc import Iterable, Iterator

from tests.conventions.rule import Breach, rule
from tests.conventions.tree import Source, packages, python

SCAFFOLDING = ("migrations", "management", "commands", "templatetags")
ASIDE = ("guichet.embedded", "guichet.running")
PROMISE_WORDS = 4


@rule(
    over=packages,
    good=[
        ("tenants/brand/__init__.py", '"""Colours that keep their contrast."""'),
        ("tenants/migrations/__init__.py", ""),
        ("tenants/brand/colour.py", ""),
    ],
    bad=[("tenants/brand/__init__.py", ""), ("tenants/brand/__init__.py", '"""The brand."""')],
)
def silent_package(source: Source) -> Iterator[Breach]:
    """Django's own folders have nothing new to say."""
    if source.name != "__init__.py" or source.path.split("/")[-2] in SCAFFOLDING:
        return
    if len((ast.get_docstring(source.tree) or "").split()) < PROMISE_WORDS:
        yield Breach(1, "the package does not say what it is for")


def imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, module) for every import, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or ""


def what_stands_aside() -> Iterable[Source]:
    return [source for source in python() if source.within(*ASIDE) or source.path == "bin/_setup.py"]


@rule(
    over=what_stands_aside,
    good=[("platform/guichet/running/a.py", "import json, subprocess\nfrom guichet.embedded import server")],
    bad=[
        ("platform/guichet/embedded/a.py", "import django"),
        ("platform/guichet/embedded/a.py", "from guichet.kernel import sealing"),
        ("platform/guichet/embedded/a.py", "def act():\n    from psycopg import sql"),
    ],
)
def needs_more_than_python(source: Source) -> Iterator[Breach]:
    """It runs before anything is installed."""
    for line, module in imports(source.tree):
        if module.partition(".")[0] not in sys.stdlib_module_names and not module.startswith(ASIDE):
            yield Breach(line, f"imports {module} before it can be installed")


@rule(
    over=python,
    good=[("tenants/brand/colour.py", ""), ("tenant_apps/pawn/services.py", "")],
    bad=[("tenants/utils.py", ""), ("tenants/utils/dates.py", ""), ("tests/helpers.py", "")],
)
def drawer(source: Source) -> Iterator[Breach]:
    """A function belongs to a named thing, or to the kernel; never to a drawer."""
    parts = source.path.removesuffix(".py").split("/")
    if name := next((part for part in parts if part in {"utils", "helpers", "misc", "common"}), None):
        yield Breach(1, f"{name} is a drawer: name what it holds")

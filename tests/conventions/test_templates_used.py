"""Every template is rendered by something, and everything that is rendered exists."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.template.utils import get_app_template_dirs

from tests.conventions.rule import refuse
from tests.conventions.rules.calls import last_name
from tests.conventions.rules.templates import without_comments
from tests.conventions.tree import ROOT, Source, packages, templates

SUFFIXES = (".html", ".txt", ".svg", ".xml")
# Django renders these by itself, when a view raises.
BY_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
ANYTHING = "[^/]+"
INCLUDED = re.compile(r"\{%\s*(?:extends|include)\s+\"([^\"]+)\"")
RENDERERS = {
    "inclusion_tag",
    "render",
    "render_to_string",
    "get_template",
    "select_template",
    "TemplateResponse",
}


def name_of(path: str) -> str:
    """The name a template is asked for: what follows its templates folder."""
    return path.rpartition("/templates/")[2]


def pattern_of(node: ast.expr) -> str | None:
    """A regular expression for the names this text may become; None where it names no template."""
    if isinstance(node, ast.JoinedStr):
        pieces = [str(part.value) if isinstance(part, ast.Constant) else None for part in node.values]
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        pieces = [node.value]
    else:
        return None
    ending = pieces[-1] if pieces else None
    is_name = ending and ending.endswith(SUFFIXES) and "".join(map(str, pieces)) not in SUFFIXES
    return "".join(ANYTHING if piece is None else re.escape(piece) for piece in pieces) if is_name else None


def mentioned(source: Source) -> Iterator[str]:
    """Patterns of the names that a Python module or a template mentions."""
    if not source.path.endswith(".py"):
        yield from (re.escape(name) for name in INCLUDED.findall(without_comments(source.text)))
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.expr) and (pattern := pattern_of(node)):
            yield pattern


def given_to_renderers(tree: ast.Module) -> Iterator[ast.expr]:
    """What is passed to a renderer, or kept as template_name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from node.args if last_name(node.func) in RENDERERS else ()
            yield from (keyword.value for keyword in node.keywords if keyword.arg == "template_name")
        elif isinstance(node, ast.Assign) and "template_name" in map(last_name, node.targets):
            yield node.value


def rendered(source: Source) -> Iterator[str]:
    """The names that must exist: those given whole, in Python or to extends and include."""
    if not source.path.endswith(".py"):
        yield from INCLUDED.findall(without_comments(source.text))
        return
    for value in given_to_renderers(source.tree):
        text = value.value if isinstance(value, ast.Constant) else None
        if isinstance(text, str) and text.endswith(SUFFIXES):
            yield text


@cache
def elsewhere() -> frozenset[str]:
    """The templates of the libraries: ours of the same name stands in for them."""
    folders = [Path(folder) for folder in get_app_template_dirs("templates")]
    theirs = [folder for folder in folders if not folder.is_relative_to(ROOT) or ".venv" in folder.parts]
    return frozenset(file.relative_to(folder).as_posix() for folder in theirs for file in folder.rglob("*.*"))


def unused(names: Iterable[str], patterns: Iterable[str]) -> list[str]:
    mention = re.compile("|".join(patterns) or "(?!)")
    return sorted(name for name in set(names) if not mention.fullmatch(name))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "render(request, 'pawn/contract.html')"),
        ("a.py", "template_name = 'pawn/contract.html'"),
        ("a.py", "render_to_string(f'pawn/{page}.html')"),
        ("a.html", '{% extends "pawn/contract.html" %}'),
        ("a.html", '{% include "pawn/contract.html" with x=1 %}'),
    ],
)
def test_a_template_is_used_where_its_name_stands(path: str, text: str) -> None:
    assert unused(["pawn/contract.html"], mentioned(Source(path, text))) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "render(request, 'pawn/contracts.html')"),
        ("a.py", "render_to_string(f'savings/{page}.html')"),
        ("a.py", "suffix = '.html'"),
        ("a.html", '{# {% include "pawn/contract.html" %} #}'),
    ],
)
def test_a_template_that_nothing_names_is_found(path: str, text: str) -> None:
    assert unused(["pawn/contract.html"], mentioned(Source(path, text))) == ["pawn/contract.html"]


def test_a_name_that_must_exist_is_seen() -> None:
    assert list(rendered(Source("a.py", "render(request, 'a/b.html', {})"))) == ["a/b.html"]
    assert list(rendered(Source("a.py", "class V:\n    template_name = 'a/b.html'"))) == ["a/b.html"]
    assert list(rendered(Source("a.py", "V.as_view(template_name='a/b.html')"))) == ["a/b.html"]
    assert list(rendered(Source("a.html", '{% include "a/b.html" %}'))) == ["a/b.html"]


def test_the_libraries_have_templates_of_their_own() -> None:
    assert apps.is_installed("two_factor")
    assert "two_factor/core/setup.html" in elsewhere()


def test_no_template_is_left_unused() -> None:
    ours = {name_of(source.path) for source in templates()}
    patterns = [pattern for source in (*packages(), *templates()) for pattern in mentioned(source)]
    refuse(unused(ours - BY_DJANGO - elsewhere(), patterns))


def test_everything_that_is_rendered_exists() -> None:
    known = {name_of(source.path) for source in templates()} | elsewhere()
    asked = {name: source.path for source in (*packages(), *templates()) for name in rendered(source)}
    refuse(f"{path}: there is no {name}" for name, path in asked.items() if name not in known)

"""What may be said to Guichet by the environment stands in docs/running.md, and nothing else does."""

import re

from tests.conventions.rule import refuse
from tests.conventions.tree import ROOT, packages

NAME = re.compile(r"\b(?:GUICHET_\w*[A-Z]|DATABASE_URL|WEB_CONCURRENCY)\b")
PAGE = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
# Of the demo and of the tests.
NOT_OF_PRODUCTION = {"GUICHET_PORT", "GUICHET_TEST_STATIC"}


def read() -> set[str]:
    wiring = (source.text for source in packages() if source.within("guichet.config"))
    return {name for text in wiring for name in NAME.findall(text)} - NOT_OF_PRODUCTION


def test_every_name_that_is_read_is_explained_and_every_name_that_is_explained_is_read() -> None:
    explained = set(NAME.findall(PAGE))
    assert len(read()) > 15
    refuse(
        [
            *(f"{name} is read, and docs/running.md does not say what for" for name in read() - explained),
            *(f"docs/running.md explains {name}, which nothing reads" for name in explained - read()),
        ]
    )


def test_the_processes_are_those_of_the_procfile() -> None:
    procfile = (ROOT / "Procfile").read_text(encoding="utf-8")
    for line in procfile.splitlines():
        process, _, command = line.partition(": ")
        assert f"| {process} | `{command}` |" in PAGE

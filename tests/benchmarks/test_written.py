"""Where bin/bench writes the table of a whole run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks import command, latest
from benchmarks.machine import Machine
from benchmarks.measure import Line, Spread
from benchmarks.report import table

MACHINE = Machine(
    date="2026-11-21 12:00 UTC",
    commit="abc1234",
    system="Linux",
    processor="an example",
    cores=2,
    load=0.1,
    versions={"Python": "3.11"},
)
LINE = Line(benchmark="page", what="an example", unit="ms", ours=Spread.of([0.003]))
PAGE = f"""# What is measured

{latest.SECTION}
FIGURES

## What the figures do not say

Nothing of a disk.
"""


@contextmanager
def no_server() -> Iterator[None]:
    """Where nothing is measured."""
    yield


def test_the_table_takes_the_place_of_the_latest_figures_and_of_nothing_else() -> None:
    written = latest.with_figures(PAGE, "page  3.0 ms")
    assert written == PAGE.replace("FIGURES", "```\npage  3.0 ms\n```")
    assert latest.with_figures(written, "page  4.0 ms") == written.replace("3.0", "4.0")


def test_a_page_without_its_section_is_left_alone() -> None:
    with pytest.raises(latest.NoSectionError):
        latest.with_figures("# What is measured\n", "page  3.0 ms")


def test_the_page_of_documentation_has_its_section() -> None:
    assert (
        latest.with_figures(latest.PAGE.read_text(encoding="utf-8"), "page  3.0 ms").count("page  3.0 ms")
        == 1
    )


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The page of a run that measures nothing."""
    page = tmp_path / "benchmarks.md"
    page.write_text(PAGE)
    monkeypatch.setattr(latest, "PAGE", page)
    monkeypatch.setattr(command, "BENCHMARKS", {"page": lambda _fleets, _effort: [LINE]})
    monkeypatch.setattr(command, "this_machine", lambda: MACHINE)
    monkeypatch.setattr(command, "scratch", no_server)
    return page


def test_the_table_of_a_whole_run_is_written_when_it_is_asked_for(page: Path) -> None:
    assert command.main([]) == 0
    assert page.read_text() == PAGE
    assert command.main(["--write"]) == 0
    assert table([LINE], MACHINE) in page.read_text()


@pytest.mark.parametrize("words", [["--write", "--quick"], ["--write", "--only", "page"]])
def test_figures_of_a_part_are_not_written(
    words: list[str], page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        command.main(words)
    assert "whole run" in capsys.readouterr().err
    assert page.read_text() == PAGE

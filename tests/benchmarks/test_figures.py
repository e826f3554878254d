"""What bin/bench makes of its samples. Nothing here is timed: a figure is for bin/bench, on a quiet machine."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from benchmarks import command
from benchmarks.effort import QUICK
from benchmarks.filesystem import settle
from benchmarks.machine import Machine
from benchmarks.measure import Line, Spread, Taken, Target, in_turns
from benchmarks.page import NotTheSameError, is_query, require_same
from benchmarks.report import as_json, table

MACHINE = Machine(
    date="2026-11-21 12:00 UTC",
    commit="abc1234",
    system="Linux",
    processor="an example",
    cores=2,
    load=0.1,
    versions={"Python": "3.11"},
)


@contextmanager
def no_server() -> Iterator[None]:
    """Where nothing is measured."""
    yield


def line(figure: float, target: Target | None) -> Line:
    return Line(
        benchmark="page",
        what="an example",
        unit="ms",
        ours=Spread.of([0.002, 0.004, 0.003]),
        theirs=Spread.of([0.003]),
        meaning="times as long",
        figure=Spread.of([figure]),
        target=target,
    )


def test_a_ratio_is_the_median_of_those_of_blocks_taken_together() -> None:
    slow, fast = Taken([[4.0, 4.0, 9.0], [6.0], [50.0]]), Taken([[2.0], [2.0, 2.0], [10.0]])
    assert slow.over(fast) == Spread(2.5, 3.0, 4.0, 3)


def test_the_sides_take_turns_and_the_one_that_begins_changes() -> None:
    began: list[str] = []

    def side(name: str, seconds: float) -> list[float]:
        began.append(name)
        return [seconds]

    taken = [Taken(), Taken()]
    in_turns(partial(side, "A", 1.0), partial(side, "B", 2.0), turns=3, taken=taken)
    assert "".join(began) == "ABBAAB"
    assert [each.blocks for each in taken] == [[[1.0]] * 3, [[2.0]] * 3]


@pytest.mark.parametrize(
    ("target", "figure", "missed"),
    [
        (Target("at most", 1.1), 1.1, False),
        (Target("at most", 1.1), 1.11, True),
        (Target("at least", 8), 8.0, False),
        (Target("at least", 8), 7.9, True),
        (None, 99.0, False),
    ],
)
def test_a_target_that_is_missed_is_known(target: Target | None, figure: float, missed: bool) -> None:
    assert line(figure, target).is_missed is missed


def test_the_table_says_which_target_is_missed() -> None:
    printed = table([line(1.2, Target("at most", 1.1)), line(1.0, Target("at most", 1.1))], MACHINE)
    rows = [row for row in printed.splitlines() if "an example" in row and "page" in row]
    assert [row.split()[-1] for row in rows] == ["MISSED", "met"]
    assert "3.0 ms [2.5–3.5]" in rows[0]


def test_the_figures_as_json_are_in_seconds_and_say_what_is_missed() -> None:
    read = json.loads(as_json([line(1.2, Target("at most", 1.1))], MACHINE))
    (only,) = read["lines"]
    assert (only["ours"]["middle"], only["missed"], read["machine"]["cores"]) == (0.003, True, 2)


def test_a_missed_target_ends_with_an_error_that_names_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        command, "BENCHMARKS", {"page": lambda _fleets, _effort: [line(1.2, Target("at most", 1.1))]}
    )
    monkeypatch.setattr(command, "this_machine", lambda: MACHINE)
    monkeypatch.setattr(command, "scratch", no_server)
    assert command.main([]) == command.MISSED
    assert "page: an example" in capsys.readouterr().err


def test_a_quick_run_leaves_out_the_installation_of_the_demo() -> None:
    assert QUICK.demo_starts == 0


@pytest.mark.parametrize(
    ("statement", "query"),
    [
        ("SELECT 1", False),
        ("SELECT set_config('search_path', %s, false), set_config('role', %s, false)", False),
        ('SELECT "pawn_contract"."id" FROM "pawn_contract"', True),
        ("UPDATE django_session SET session_data = %s", True),
    ],
)
def test_a_query_is_told_from_what_only_turns_the_connection(statement: str, query: bool) -> None:
    assert is_query(statement) is query


def test_two_pages_that_differ_are_not_compared() -> None:
    page = '<input name="csrfmiddlewaretoken" value="{}"><a href="/contrats/{}/">Bague</a>'
    one = page.format("abc", "dc9f3b9b-ad73-4d08-a8d7-1efbd90af935")
    require_same(one, page.format("xyz", "8203211e-3a08-4fee-ab6a-572c0e3d7679"))
    with pytest.raises(NotTheSameError, match="Montre"):
        require_same(one, one.replace("Bague", "Montre"))


def test_a_file_system_at_its_usual_speed_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.filesystem.USUAL", 1.0)
    assert settle(tmp_path)


def test_a_file_system_that_stays_slow_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.filesystem.USUAL", 0.0)
    monkeypatch.setattr("benchmarks.filesystem.PATIENCE", 0)
    assert not settle(tmp_path)

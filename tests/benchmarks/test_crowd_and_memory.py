"""What bin/bench makes of a crowd, and of what a process holds. Nothing here is timed, and no server runs."""

import os
import subprocess
import sys
import threading

import pytest

from benchmarks import crowd, served
from benchmarks.arrivals import Arrival
from benchmarks.crowd import Way, at_once, one_by_one
from benchmarks.machine import Machine
from benchmarks.measure import Line, Spread, Target
from benchmarks.memory import MORE, Grown, lines_of, repeated, together
from benchmarks.people import newcomers
from benchmarks.report import table
from benchmarks.resident import NoSuchProcessError, Resident, children, is_told, megabytes, resident
from benchmarks.scale import comparable
from tenant_apps.demo.people import Person

MACHINE = Machine(
    date="2026-11-21 12:00 UTC",
    commit="abc1234",
    system="Linux",
    processor="an example",
    cores=2,
    load=0.1,
    versions={"Python": "3.11"},
)
MEMORY = Line(
    benchmark="memory",
    what="an example",
    unit="MB",
    ours=Spread.of([91.8]),
    theirs=Spread.of([86.2]),
    meaning="MB more",
    figure=Spread.of([5.6]),
    target=Target("at most", 40),
)
linux = pytest.mark.skipif(not is_told(), reason="only Linux tells what a process holds")


def way(*lost: str, came: int) -> Way:
    made = Way(one_by_one, came=[came], lost=list(lost))
    made.whole.blocks.append([2.0])
    made.slowest.blocks.append([1.0])
    return made


def test_those_who_come_at_once_are_all_under_way_together() -> None:
    together_now = threading.Barrier(3, timeout=10)

    def sign_in(person: Person) -> Arrival:
        together_now.wait()
        return Arrival(0.1)

    assert at_once(newcomers(first=0, count=3), sign_in) == [Arrival(0.1)] * 3


def test_those_who_come_one_by_one_are_never_two() -> None:
    began: list[str] = []

    def sign_in(person: Person) -> Arrival:
        began.append(person.number)
        return Arrival(0.1)

    people = newcomers(first=0, count=3)
    assert len(one_by_one(people, sign_in)) == 3
    assert began == [each.number for each in people]


@pytest.mark.parametrize(("lost", "missed"), [((), False), (("Camille: 429",), True)])
def test_one_client_lost_misses_the_target(lost: tuple[str, ...], missed: bool) -> None:
    first, *times = crowd.lines_of(way(*lost, came=50 - len(lost)), way(came=50))
    assert first.is_missed is missed
    assert [line.is_missed for line in times] == [False, False]
    assert f"{len(lost)} lost" in table([first], MACHINE)


def test_web_and_worker_are_those_of_the_procfile() -> None:
    assert served.entry("web") == "gunicorn --config python:guichet.config.gunicorn"
    assert served.entry("worker") == "python manage.py worker"


def test_the_growth_of_a_process_is_told_whole_and_for_each_caisse() -> None:
    grown = Grown(
        few=Resident(80.0, 70.0), many=Resident(80.0 + MORE, 71.0), again=Resident(81.0 + MORE, 71.0)
    )
    rss, each, again, pss, *_ = lines_of("a web process", [grown], target=Target("at most", 40))
    assert (rss.ours, rss.theirs) == (Spread.of([80.0 + MORE]), Spread.of([80.0]))
    assert (rss.figure, rss.is_missed) == (Spread.of([float(MORE)]), True)
    assert each.ours == Spread.of([1024.0])
    assert again.figure == Spread.of([1.0])
    assert (pss.figure, pss.target) == (Spread.of([1.0]), None)


def test_a_share_that_the_system_does_not_tell_has_no_line() -> None:
    held = Resident(80.0, None)
    found = lines_of("a web process", [Grown(few=held, many=held, again=held)], target=None)
    assert not any("PSS" in line.what for line in found)
    assert together([Resident(1.0, 1.0), held]) == Resident(81.0, None)
    assert together([Resident(1.0, 1.0), Resident(2.0, 0.5)]) == Resident(3.0, 1.5)


def test_few_hosts_are_asked_for_as_often_as_many() -> None:
    assert repeated(["a", "b"], 5) == ["a", "b", "a", "b", "a"]


def test_what_a_process_holds_is_read_in_units_of_1024_bytes() -> None:
    told = "VmPeak:\t  900000 kB\nVmRSS:\t   20480 kB\n"
    assert (megabytes(told, "VmRSS"), megabytes(told, "Pss")) == (20.0, None)


@linux
def test_a_process_is_found_under_its_parent_and_no_more_once_it_has_ended() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        assert process.pid in children(os.getpid())
        assert resident(process.pid).rss > 0
        process.communicate(b"\n")
    with pytest.raises(NoSuchProcessError):
        resident(process.pid)


def test_two_displays_of_a_keypad_are_one_page_and_two_texts_are_not() -> None:
    shown = '<input name="draw" value="{}"><button name="position" value="{}">{}</button><p>{}</p>'
    assert comparable(shown.format("abc=", 0, 7, "Texte")) == comparable(shown.format("xyz=", 1, 3, "Texte"))
    assert comparable(shown.format("abc=", 0, 7, "Texte")) != comparable(shown.format("abc=", 0, 7, "Autre"))


def test_a_line_of_memory_is_told_in_megabytes() -> None:
    assert "91.8 MB  86.2 MB  5.6 MB more  at most 40  met" in table([MEMORY], MACHINE)

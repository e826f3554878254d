"""Fifty sign-ins at once on the processes of the Procfile, against the same fifty one after the other."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import psycopg

from benchmarks.arrivals import Arrival, arrive
from benchmarks.effort import Effort
from benchmarks.fleets import MANY, Fleets, server
from benchmarks.measure import Line, Spread, Taken, Target, in_turns
from benchmarks.people import newcomers
from benchmarks.phones import Phones
from benchmarks.scratch import GUICHET
from benchmarks.served import web, worker
from benchmarks.side import Side
from tenant_apps.demo.people import Person

NAME = "crowd"
CROWD = 50
NONE_LOST = Target("at most", 0)
# They sign in before anything is timed: each thread of each process then has its connection and its templates.
WARM_UP = 16
IDLE_SECONDS = 120
_WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"

Group = Sequence[Person]
SignIn = Callable[[Person], Arrival]


class NeverIdleError(RuntimeError):
    """The worker does not come to the end of its jobs."""


@dataclass(slots=True)
class Way:
    """How a group comes in, and what it took: of each group the whole, and its slowest one."""

    let_in: Callable[[Group, SignIn], list[Arrival]]
    whole: Taken = field(default_factory=Taken)
    slowest: Taken = field(default_factory=Taken)
    came: list[int] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def measure(fleets: Fleets, effort: Effort) -> list[Line]:
    environment = fleets.environment(MANY)
    firsts = range(WARM_UP, WARM_UP + CROWD * effort.crowd_turns, CROWD)
    groups = [newcomers(first=first, count=CROWD) for first in firsts]
    with fleets.screen.step("Loading the clients"), Side("ours", environment) as side:
        side.ask("load_newcomers", first=0, count=firsts.stop, now=fleets.now)
    ways = (Way(at_once), Way(one_by_one))
    with (
        fleets.screen.step(f"Signing {CROWD} clients in, at once and one after the other"),
        fleets.scratch.administrator(server(MANY), GUICHET) as administrator,
        web(environment) as (port, _),
        worker(environment),
    ):
        phones = Phones(administrator)
        sign_in = partial(arrive, port=port, phones=phones)
        at_once(newcomers(first=0, count=WARM_UP), sign_in)
        acts = [partial(_timed, way, iter(groups), sign_in, administrator) for way in ways]
        in_turns(*acts, turns=effort.crowd_turns, taken=[way.whole for way in ways])
    for reason in [*ways[0].lost, *ways[1].lost]:
        fleets.screen.say(f"Lost: {reason}")
    return lines_of(*ways)


def at_once(group: Group, sign_in: SignIn) -> list[Arrival]:
    """Nobody begins before all are there."""
    barrier = threading.Barrier(len(group))

    def begin(person: Person) -> Arrival:
        barrier.wait()
        return sign_in(person)

    with ThreadPoolExecutor(len(group)) as threads:
        return list(threads.map(begin, group))


def one_by_one(group: Group, sign_in: SignIn) -> list[Arrival]:
    return [sign_in(person) for person in group]


def _timed(
    way: Way, groups: Iterator[Group], sign_in: SignIn, administrator: "psycopg.Connection[Any]"
) -> list[float]:
    """Seconds of the whole group. It begins with a worker that has nothing left to do."""
    _wait_until_idle(administrator)
    began = time.monotonic()
    arrivals = way.let_in(next(groups), sign_in)
    seconds = time.monotonic() - began
    way.slowest.blocks.append([max(each.seconds for each in arrivals)])
    way.came.append(sum(not each.lost for each in arrivals))
    way.lost += [each.lost for each in arrivals if each.lost]
    return [seconds]


def _wait_until_idle(administrator: "psycopg.Connection[Any]") -> None:
    deadline = time.monotonic() + IDLE_SECONDS
    while administrator.execute(_WAITING).fetchone() != (0,):
        if time.monotonic() > deadline:
            raise NeverIdleError(f"after {IDLE_SECONDS} s the worker still has jobs")
        time.sleep(0.1)  # polling another process


def lines_of(crowd: Way, queue: Way) -> list[Line]:
    return [
        Line(
            benchmark=NAME,
            what=f"of {CROWD} sign-ins at once, whole ones",
            unit="sign-ins",
            ours=Spread.of([min(crowd.came)]),
            theirs=Spread.of([min(queue.came)]),
            meaning="lost",
            figure=Spread.of([len(crowd.lost)]),
            target=NONE_LOST,
        ),
        _time(f"the {CROWD} at once, against one after the other", crowd.whole, queue.whole),
        _time("the slowest one of them", crowd.slowest, queue.slowest),
    ]


def _time(what: str, crowd: Taken, queue: Taken) -> Line:
    return Line(
        benchmark=NAME,
        what=what,
        unit="s",
        ours=crowd.spread,
        theirs=queue.spread,
        meaning="times as long",
        figure=crowd.over(queue),
    )

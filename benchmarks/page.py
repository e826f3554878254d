"""A warm signed-in page: the client's list of contracts, against the same view in a plain project."""

import re
from collections.abc import Mapping
from difflib import unified_diff
from functools import partial

from benchmarks.effort import Effort
from benchmarks.fleets import MANY, Fleets, server
from benchmarks.measure import Line, Spread, Taken, Target, in_turns
from benchmarks.scratch import PLAIN
from benchmarks.side import Side

NAME = "page"
AS_LONG = Target("at most", 1.10)
MORE = Target("at most", 1)
WARM_UP = 30
# What differs between two renderings of one page: the form's token, and the opaque names of contracts and objects.
DRAWN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}')
SWITCH, PROBE = re.compile(r"SET |RESET |SELECT set_config\("), "SELECT 1"


class NotTheSameError(RuntimeError):
    """The two sides do not show the same page: their times could not be compared."""


def measure(fleets: Fleets, effort: Effort) -> list[Line]:
    guichet, plain = fleets.environment(MANY), fleets.scratch.environment(server(MANY), PLAIN)
    with fleets.screen.step("Building the plain project"), Side("plain", plain) as side:
        side.ask("build", now=fleets.now)
        plain_cookies = side.ask("sign_in")
    with Side("ours", guichet) as side:
        cookies = side.ask("sign_in")
    ours_taken, plain_taken = Taken(), Taken()
    said: list[tuple[list[str], list[str]]] = []
    for pair in range(1, effort.page_pairs + 1):
        with (
            fleets.screen.step(f"Showing the page, pair of processes {pair} of {effort.page_pairs}"),
            Side("ours", guichet) as ours,
            Side("plain", plain) as other,
        ):
            _enter(ours, cookies)
            _enter(other, plain_cookies)
            require_same(ours.ask("page"), other.ask("page"))
            visits = [partial(side.ask, "visit", times=effort.page_visits) for side in (ours, other)]
            in_turns(*visits, turns=effort.page_turns, taken=[ours_taken, plain_taken])
            said.append((ours.ask("statements"), other.ask("statements")))
    return [_time(ours_taken, plain_taken), *_counts(*said[-1])]


def _enter(side: Side, cookies: Mapping[str, str]) -> None:
    side.ask("arrive", cookies=cookies)
    side.ask("visit", times=WARM_UP)


def require_same(ours: str, plain: str) -> None:
    pages = [DRAWN.sub("", page).splitlines() for page in (ours, plain)]
    if differences := list(unified_diff(pages[0], pages[1], "Guichet", "plain", lineterm="", n=0)):
        raise NotTheSameError("\n".join(differences))


def _time(ours: Taken, plain: Taken) -> Line:
    return Line(
        benchmark=NAME,
        what="the list of contracts",
        unit="ms",
        ours=ours.spread,
        theirs=plain.spread,
        meaning="times as long",
        figure=ours.over(plain),
        target=AS_LONG,
    )


def _counts(ours: list[str], plain: list[str]) -> list[Line]:
    """Queries, and all that is said to the server: with what sets path and role, and the probe of the connection."""
    queries = [sum(is_query(statement) for statement in said) for said in (ours, plain)]
    return [
        _count("queries of that page", *queries, target=MORE),
        _count("statements of that page, in all", len(ours), len(plain), target=None),
    ]


def is_query(statement: str) -> bool:
    return statement != PROBE and not SWITCH.match(statement)


def _count(what: str, ours: int, plain: int, *, target: Target | None) -> Line:
    return Line(
        benchmark=NAME,
        what=what,
        unit="statements",
        ours=Spread.of([ours]),
        theirs=Spread.of([plain]),
        meaning="more",
        figure=Spread.of([ours - plain]),
        target=target,
    )

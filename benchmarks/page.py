"""A warm signed-in page: the client's list of contracts, against the same view in a plain project."""

import re
from collections.abc import Mapping
from difflib import unified_diff
from functools import partial

from benchmarks.effort import Effort
from benchmarks.fleets import MANY, Fleets
from benchmarks.measure import Line, Spread, Taken, Target, in_turns
from benchmarks.side import Side

NAME = "page"
AS_LONG = Target("at most", 1.10)
MORE = Target("at most", 1)
WARM_UP = 30
# What differs between two renderings of one page: the form's token, the seconds that are left of the session, and the
# opaque names of contracts and objects.
DRAWN = re.compile(
    r'(?<=name="csrfmiddlewaretoken" value=")\w+|(?<=data-idle=")\d+|(?<=data-absolute=")\d+'
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
SWITCH, PROBE = re.compile(r"SET |RESET |SELECT set_config\("), "SELECT 1"


class NotTheSameError(RuntimeError):
    """The two sides do not show the same page: their times could not be compared."""


def measure(fleets: Fleets, effort: Effort) -> list[Line]:
    guichet, plain = fleets.environment(MANY), fleets.plain()
    with Side("ours", guichet) as ours, Side("plain", plain) as other:
        cookies, plain_cookies = ours.ask("sign_in"), other.ask("sign_in")
    answered, free = (Taken(), Taken()), (Taken(), Taken())
    said: tuple[list[str], list[str]] = ([], [])
    for pair in range(1, effort.page_pairs + 1):
        with (
            fleets.screen.step(f"Showing the page, pair of processes {pair} of {effort.page_pairs}"),
            Side("ours", guichet) as ours,
            Side("plain", plain) as other,
        ):
            _enter(ours, cookies)
            _enter(other, plain_cookies)
            require_same(ours.ask("page"), other.ask("page"))
            visits = [
                partial(_visits, side, effort.page_visits, free[place])
                for place, side in enumerate((ours, other))
            ]
            in_turns(*visits, turns=effort.page_turns, taken=answered)
            said = (ours.ask("statements"), other.ask("statements"))
    return [
        _time("the list of contracts, to its last byte", answered, target=AS_LONG),
        _time("the same, until the process is free", free, target=None),
        *_counts(*said),
    ]


def _visits(side: Side, times: int, free: Taken) -> list[float]:
    """Until each was answered; until each was over goes aside."""
    seconds = side.ask("visit", times=times)
    free.blocks.append([over for _, over in seconds])
    return [answered for answered, _ in seconds]


def _enter(side: Side, cookies: Mapping[str, str]) -> None:
    side.ask("arrive", cookies=cookies)
    side.ask("visit", times=WARM_UP)


def require_same(ours: str, plain: str) -> None:
    pages = [DRAWN.sub("", page).splitlines() for page in (ours, plain)]
    if differences := list(unified_diff(pages[0], pages[1], "Guichet", "plain", lineterm="", n=0)):
        raise NotTheSameError("\n".join(differences))


def _time(what: str, taken: tuple[Taken, Taken], *, target: Target | None) -> Line:
    ours, plain = taken
    return Line(
        benchmark=NAME,
        what=what,
        unit="ms",
        ours=ours.spread,
        theirs=plain.spread,
        meaning="times as long",
        figure=ours.over(plain),
        target=target,
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

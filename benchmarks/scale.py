"""Warm pages where few caisses are and where many, each right after a page of another caisse."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from benchmarks.effort import Effort
from benchmarks.fleets import FEW, MANY, Fleets
from benchmarks.measure import Line, Taken, Target, in_turns
from benchmarks.page import DRAWN, require_same
from benchmarks.people import HOST
from benchmarks.side import Side

NAME = "scale"
AS_LONG = Target("at most", 1.2)
KEYPAD_HOST = "cpms.localhost"
WARM_UP = 30
# Drawn afresh for each display of the keypad: its digits and its sealed layout.
_SHOWN = re.compile(r'(?<=value=")[^"]*|\d')


@dataclass(frozen=True, slots=True, kw_only=True)
class Warm:
    """A page, and what its visits took among few and among many."""

    what: str
    host: str
    screen: str
    taken: tuple[Taken, Taken] = field(default_factory=lambda: (Taken(), Taken()))


def measure(fleets: Fleets, effort: Effort) -> list[Line]:
    environments = [fleets.environment(size) for size in (FEW, MANY)]
    cookies = [_signed_in(environment) for environment in environments]
    pages = [
        Warm(what="the home page", host=HOST, screen="home"),
        Warm(what="the list of contracts", host=HOST, screen="contracts"),
        Warm(what="a sign-in page with a keypad", host=KEYPAD_HOST, screen="sign_in"),
    ]
    for pair in range(1, effort.scale_pairs + 1):
        with (
            fleets.screen.step(
                f"Showing pages among {FEW} caisses and among {MANY}, pair of processes {pair} of"
                f" {effort.scale_pairs}"
            ),
            Side("ours", environments[0]) as few,
            Side("ours", environments[1]) as many,
        ):
            for side, theirs in zip((few, many), cookies, strict=True):
                _go_round(side, theirs)
            for page in pages:
                _compare(page, few, many, effort)
    return [_line(page) for page in pages]


def _signed_in(environment: Mapping[str, str]) -> Mapping[str, str]:
    """For the second time: the home page then says when the last one was, on both sides."""
    with Side("ours", environment) as side:
        side.ask("sign_in")
        cookies: Mapping[str, str] = side.ask("sign_in")
    return cookies


def _go_round(side: Side, cookies: Mapping[str, str]) -> None:
    """Every policy is read before anything is measured: a web process comes to that within minutes."""
    side.ask("arrive", cookies=cookies)
    hosts = side.ask("hosts")
    side.ask("go_round", hosts=[host for host in hosts if host not in (HOST, KEYPAD_HOST)])


def _compare(page: Warm, few: Side, many: Side, effort: Effort) -> None:
    for side in (few, many):
        _visit(side, page, WARM_UP)
    require_same(*(comparable(side.ask("page", host=page.host, screen=page.screen)) for side in (few, many)))
    visits = [partial(_visit, side, page, effort.scale_visits) for side in (few, many)]
    in_turns(*visits, turns=effort.scale_turns, taken=page.taken)


def comparable(page: str) -> str:
    """The page without what is drawn for each display of it, digits included."""
    return _SHOWN.sub("", DRAWN.sub("", page))


def _visit(side: Side, page: Warm, times: int) -> list[float]:
    seconds: list[float] = side.ask("visit_among_others", times=times, host=page.host, screen=page.screen)
    return seconds


def _line(page: Warm) -> Line:
    few, many = page.taken
    return Line(
        benchmark=NAME,
        what=f"{page.what}: {MANY} caisses against {FEW}",
        unit="ms",
        ours=many.spread,
        theirs=few.spread,
        meaning="times as long",
        figure=many.over(few),
        target=AS_LONG,
    )

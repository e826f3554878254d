"""A sign-in without its hash, against Django's own in the plain project.

Whole, at a caisse that asks for no second step: both sides end with a session. Then the first step at Nîmes, after
which a code is on its way: Django's sign-in has nothing like it, and no target is set.
"""

from functools import partial

from benchmarks.effort import Effort
from benchmarks.fleets import MANY, Fleets
from benchmarks.measure import Line, Spread, Taken, Target, in_turns
from benchmarks.page import is_query
from benchmarks.side import Side

NAME = "sign-in"
AS_LONG = Target("at most", 1.3)
WARM_UP = 15
# Nobody who signs in here has signed in elsewhere, under another hash.
FIRST = 5000
WHOLE, FIRST_STEP = "whole", "first_step"
SAID = {
    WHOLE: "a whole sign-in without its hash",
    FIRST_STEP: "a first step that sends a code, without its hash",
}


def measure(fleets: Fleets, effort: Effort) -> list[Line]:
    return [line for number, kind in enumerate(SAID) for line in _measured(fleets, effort, kind, number)]


def _measured(fleets: Fleets, effort: Effort, kind: str, number: int) -> list[Line]:
    guichet, plain = fleets.environment(MANY), fleets.plain()
    taken = (Taken(), Taken())
    said: tuple[list[str], list[str]] = ([], [])
    each = WARM_UP + effort.sign_in_turns * effort.sign_in_visits + 1
    for pair in range(effort.sign_in_pairs):
        with (
            fleets.screen.step(
                f"Signing in without a hash, {kind}, pair of processes {pair + 1} of {effort.sign_in_pairs}"
            ),
            Side("hashless", guichet) as ours,
            Side("stock", plain) as other,
        ):
            start = FIRST + each * (pair + number * effort.sign_in_pairs)
            if kind == WHOLE:
                ours.ask("ask_no_second_step")
            for side in (ours, other):
                side.ask("expect", first=start, count=each, now=fleets.now)
                side.ask(kind, times=WARM_UP)
            acts = [partial(side.ask, kind, times=effort.sign_in_visits) for side in (ours, other)]
            in_turns(*acts, turns=effort.sign_in_turns, taken=taken)
            said = (ours.ask(f"statements_of_{kind}"), other.ask(f"statements_of_{kind}"))
            if kind == WHOLE:
                ours.ask("ask_as_before")
    return lines_of(kind, taken, said)


def lines_of(kind: str, taken: tuple[Taken, Taken], said: tuple[list[str], list[str]]) -> list[Line]:
    ours, stock = taken
    queries = [sum(is_query(statement) for statement in each) for each in said]
    return [
        Line(
            benchmark=NAME,
            what=f"{SAID[kind]}, against Django’s sign-in",
            unit="ms",
            ours=ours.spread,
            theirs=stock.spread,
            meaning="times as long",
            figure=ours.over(stock),
            target=AS_LONG if kind == WHOLE else None,
        ),
        Line(
            benchmark=NAME,
            what=f"queries: {SAID[kind]}",
            unit="statements",
            ours=Spread.of([queries[0]]),
            theirs=Spread.of([queries[1]]),
            meaning="more",
            figure=Spread.of([queries[0] - queries[1]]),
        ),
    ]

"""The first step of a sign-in without its hash, against Django's own sign-in in the plain project."""

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


def measure(fleets: Fleets, effort: Effort) -> list[Line]:
    guichet, plain = fleets.environment(MANY), fleets.plain()
    taken = (Taken(), Taken())
    said: tuple[list[str], list[str]] = ([], [])
    each = WARM_UP + effort.sign_in_turns * effort.sign_in_visits + 1
    for pair in range(1, effort.sign_in_pairs + 1):
        with (
            fleets.screen.step(
                f"Signing in without a hash, pair of processes {pair} of {effort.sign_in_pairs}"
            ),
            Side("hashless", guichet) as ours,
            Side("stock", plain) as other,
        ):
            for side in (ours, other):
                side.ask("expect", first=FIRST + each * (pair - 1), count=each, now=fleets.now)
                side.ask("sign_in", times=WARM_UP)
            acts = [partial(side.ask, "sign_in", times=effort.sign_in_visits) for side in (ours, other)]
            in_turns(*acts, turns=effort.sign_in_turns, taken=taken)
            said = (ours.ask("statements"), other.ask("statements"))
    return lines_of(taken, said)


def lines_of(taken: tuple[Taken, Taken], said: tuple[list[str], list[str]]) -> list[Line]:
    ours, stock = taken
    queries = [sum(is_query(statement) for statement in each) for each in said]
    return [
        Line(
            benchmark=NAME,
            what="the first step without its hash, against Django’s sign-in",
            unit="ms",
            ours=ours.spread,
            theirs=stock.spread,
            meaning="times as long",
            figure=ours.over(stock),
            target=AS_LONG,
        ),
        Line(
            benchmark=NAME,
            what="queries of that step",
            unit="statements",
            ours=Spread.of([queries[0]]),
            theirs=Spread.of([queries[1]]),
            meaning="more",
            figure=Spread.of([queries[0] - queries[1]]),
        ),
    ]

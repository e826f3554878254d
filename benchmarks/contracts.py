"""The list of contracts with one and with a thousand: what it asks of the database, and how long it takes."""

from benchmarks.effort import Effort
from benchmarks.fleets import FEW, Fleets
from benchmarks.measure import Line, Spread, Target
from benchmarks.page import is_query
from benchmarks.side import Side

NAME = "contracts"
ONE, THOUSAND = 1, 1000
NO_MORE = Target("at most", 0)


def measure(fleets: Fleets, effort: Effort) -> list[Line]:
    """`ours` is the list of a thousand, `theirs` that of one."""
    queries, seconds = {}, {}
    with Side("ours", fleets.environment(FEW)) as ours:
        cookies = ours.ask("sign_in")
        before = ours.ask("hold_contracts", count=0)
        for count in (ONE, THOUSAND):
            ours.ask("hold_contracts", count=count)
            ours.ask("arrive", cookies=cookies)
            ours.ask("visit", times=2)
            queries[count] = sum(is_query(each) for each in ours.ask("statements"))
            seconds[count] = [answered for answered, _ in ours.ask("visit", times=effort.page_visits)]
        ours.ask("hold_contracts", count=before)
    return [
        Line(
            benchmark=NAME,
            what="queries of the list, with 1 000 contracts and with 1",
            unit="statements",
            ours=Spread.of([queries[THOUSAND]]),
            theirs=Spread.of([queries[ONE]]),
            meaning="more",
            figure=Spread.of([queries[THOUSAND] - queries[ONE]]),
            target=NO_MORE,
        ),
        Line(
            benchmark=NAME,
            what="the list with 1 000 contracts and with 1, to its last byte",
            unit="ms",
            ours=Spread.of(seconds[THOUSAND]),
            theirs=Spread.of(seconds[ONE]),
        ),
    ]

"""A deploy with nothing to do, against migrate_schemas with nothing to do, over the same caisses."""

from benchmarks.effort import Effort
from benchmarks.fleets import MANY, Fleets
from benchmarks.measure import Line, Spread, Target
from benchmarks.side import Side

NAME = "deploy"
FASTER = Target("at least", 100)


def measure(fleets: Fleets, effort: Effort) -> list[Line]:
    """The library's run is long: one, whole, between two halves of ours."""
    environment = fleets.environment(MANY)
    with Side("ours", environment) as ours, Side("library", environment) as library:
        ours.ask("deploy", caisses=MANY)
        seconds = [ours.seconds("deploy", caisses=MANY) for _ in range(effort.deploys // 2)]
        with fleets.screen.step(f"migrate_schemas over {MANY} caisses, with nothing to do"):
            theirs = library.seconds("migrate_schemas")
        seconds += [ours.seconds("deploy", caisses=MANY) for _ in range(effort.deploys - len(seconds))]
    spread = Spread.of(seconds)
    return [
        Line(
            benchmark=NAME,
            what=f"with nothing to do, over {MANY} caisses",
            unit="ms",
            ours=spread,
            theirs=Spread.of([theirs]),
            meaning="times faster",
            figure=Spread(theirs / spread.high, theirs / spread.middle, theirs / spread.low, spread.samples),
            target=FASTER,
        )
    ]

"""A caisse's schema: Guichet's replay against the library's create_schema, where few caisses are and where many."""

from contextlib import ExitStack
from functools import partial

from benchmarks.effort import Effort
from benchmarks.filesystem import settle
from benchmarks.fleets import FEW, MANY, Fleets, server
from benchmarks.measure import Line, Taken, Target, in_turns
from benchmarks.scratch import GUICHET
from benchmarks.side import Side

NAME = "schema"
FASTER = Target("at least", 8)
# Sixty times the caisses are to cost nothing; a quarter is what two medians of one thing may differ by.
SAME = Target("at most", 1.25)
# Ours, then the library's: the schema alone, and the caisse with its row and its domain.
SCHEMA, WHOLE = ("create_schema", "create_schema"), ("create_caisse", "create_tenant")


class NotTheSameError(RuntimeError):
    """The two ways do not make the same schema: their times could not be compared."""


def measure(fleets: Fleets, effort: Effort) -> list[Line]:
    with ExitStack() as stack:
        few, many = (
            tuple(stack.enter_context(Side(name, fleets.environment(size))) for name in ("ours", "library"))
            for size in (FEW, MANY)
        )
        for ours, library in (few, many):
            _warm_up(ours, library)
        _wait_for_the_file_system(fleets)
        with fleets.screen.step(f"Creating schemas among {FEW} caisses and among {MANY}"):
            few_ours, few_library, many_ours, many_library = _times(effort.schema_turns, SCHEMA, few, many)
        with fleets.screen.step(f"Creating whole caisses among {MANY}"):
            whole_ours, whole_library = _times(effort.schema_turns, WHOLE, many)
    return [
        _line(f"a schema, among {FEW} caisses", few_ours, few_library, target=FASTER),
        _line(f"a schema, among {MANY} caisses", many_ours, many_library, target=FASTER),
        _line(f"a whole caisse, among {MANY}", whole_ours, whole_library, target=None),
        _growth("Guichet’s schema", many_ours, few_ours, target=SAME),
        _growth("the library’s schema", many_library, few_library, target=None),
    ]


def _wait_for_the_file_system(fleets: Fleets) -> None:
    with fleets.screen.step("Waiting for a file system that makes files at its usual speed"):
        settled = [settle(fleets.scratch.files_of(server(size), GUICHET)) for size in (FEW, MANY)]
    if not all(settled):
        fleets.screen.say(
            "It still makes them slowly: the schemas of both sides take longer than they should."
        )


def _warm_up(ours: Side, library: Side) -> None:
    """Imports are not timed; and what the two make is compared, object by object."""
    found = []
    for side, (schema, whole) in ((ours, (SCHEMA[0], WHOLE[0])), (library, (SCHEMA[1], WHOLE[1]))):
        for act in (schema, whole):
            side.ask(act)
            found.append(side.ask("look"))
            side.ask("remove")
    if any(each != found[0] for each in found):
        raise NotTheSameError(str(found))


def _times(turns: int, acts: tuple[str, str], *pairs: tuple[Side, ...]) -> list[Taken]:
    one_each = [partial(_once, side, act) for pair in pairs for side, act in zip(pair, acts, strict=True)]
    taken = [Taken() for _ in one_each]
    in_turns(*one_each, turns=turns, taken=taken)
    return taken


def _once(side: Side, act: str) -> list[float]:
    seconds = side.seconds(act)
    side.ask("remove")
    return [seconds]


def _line(what: str, ours: Taken, library: Taken, *, target: Target | None) -> Line:
    return Line(
        benchmark=NAME,
        what=what,
        unit="ms",
        ours=ours.spread,
        theirs=library.spread,
        meaning="times faster",
        figure=library.over(ours),
        target=target,
    )


def _growth(whose: str, many: Taken, few: Taken, *, target: Target | None) -> Line:
    return Line(
        benchmark=NAME,
        what=f"{whose}: {MANY} caisses against {FEW}",
        unit="ms",
        ours=many.spread,
        theirs=few.spread,
        meaning="times as long",
        figure=many.over(few),
        target=target,
    )

"""What one web process and its connections hold in memory after the sign-in pages of few caisses, and of many."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from benchmarks.browser import Browser
from benchmarks.effort import Effort
from benchmarks.fleets import FEW, MANY, Fleets, server
from benchmarks.measure import Line, Spread, Target
from benchmarks.resident import Resident, children, is_told, resident
from benchmarks.scratch import GUICHET
from benchmarks.served import web
from benchmarks.side import Side

NAME = "memory"
GROWTH = Target("at most", 40)
MORE = MANY - FEW
# As many as the process has threads, each of which keeps a connection of its own.
BROWSERS = 4
SIGN_IN = "/connexion/"
OK = 200
KB = 1024

Size = Callable[[Resident], float | None]
SIZES: Mapping[str, Size] = {"RSS": lambda held: held.rss, "PSS": lambda held: held.pss}


class WrongPageError(RuntimeError):
    """What came back is not a sign-in page."""


class ReplacedError(RuntimeError):
    """gunicorn ends a process after so many requests: too many were asked of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """After few caisses, after many, and after the same many once more; as many pages before each look."""

    few: Resident
    many: Resident
    again: Resident


def measure(fleets: Fleets, effort: Effort) -> list[Line]:
    """Nothing where the system does not tell."""
    if not is_told():
        fleets.screen.say("This system does not tell what a process holds: memory is left out.")
        return []
    environment = fleets.environment(MANY)
    with Side("ours", environment) as side:
        hosts = side.ask("hosts")
    processes, connections = [], []
    for number in range(1, effort.memory_processes + 1):
        with fleets.screen.step(f"Filling a web process, {number} of {effort.memory_processes}"):
            process, its_connections = _fill(fleets, environment, hosts)
        processes.append(process)
        connections.append(its_connections)
    return [
        *lines_of("a web process", processes, target=GROWTH),
        *lines_of("its connections", connections, target=None),
    ]


def _fill(fleets: Fleets, environment: Mapping[str, str], hosts: Sequence[str]) -> tuple[Grown, Grown]:
    """A process of its own, so that each begins with nothing; and all its connections together."""
    looks: list[tuple[Resident, Resident]] = []
    with web(environment, processes=1) as (port, first):
        _look(port, hosts[0])
        (serving,) = children(first)
        for asked in (repeated(hosts[:FEW], len(hosts)), hosts, hosts):
            _ask(port, asked)
            if children(first) != [serving]:
                raise ReplacedError("another process has taken the place of the one that was asked")
            held = [resident(pid) for pid in fleets.scratch.connections(server(MANY), GUICHET)]
            looks.append((resident(serving), together(held)))
    few, many, again = looks
    process, connections = (
        Grown(few=few[part], many=many[part], again=again[part]) for part in range(len(few))
    )
    return process, connections


def repeated(hosts: Sequence[str], count: int) -> Sequence[str]:
    """So many, in turn: what pages cost whoever they are of is paid before the first look."""
    return [hosts[place % len(hosts)] for place in range(count)]


def _ask(port: int, hosts: Sequence[str]) -> None:
    """Each browser asks for all of them, from a place of its own on: so each thread comes to most of the caisses."""
    starts = [len(hosts) * number // BROWSERS for number in range(BROWSERS)]
    asked = [hosts[(start + place) % len(hosts)] for place in range(len(hosts)) for start in starts]
    with ThreadPoolExecutor(BROWSERS) as browsers:
        list(browsers.map(partial(_look, port), asked))


def _look(port: int, host: str) -> None:
    status = Browser(port=port, host=host).get(SIGN_IN).status
    if status != OK:
        raise WrongPageError(f"{host}{SIGN_IN}: {status}")


def together(parts: Sequence[Resident]) -> Resident:
    shares = [part.pss for part in parts if part.pss is not None]
    return Resident(sum(part.rss for part in parts), sum(shares) if len(shares) == len(parts) else None)


def lines_of(what: str, grown: Sequence[Grown], *, target: Target | None) -> list[Line]:
    """A size that the system does not tell has no line. The target is for what is resident."""
    lines = []
    for name, size in SIZES.items():
        few, many, again = (
            [found for each in moment if (found := size(each)) is not None]
            for moment in zip(*((each.few, each.many, each.again) for each in grown), strict=True)
        )
        if len(few) == len(many) == len(again) == len(grown):
            lines += [
                _growth(f"{what} ({name}): {MANY} caisses against {FEW}", many, few, target=target),
                _for_each(many, few),
                _growth("the same pages once more", again, many, target=None),
            ]
        target = None
    return lines


def _growth(what: str, after: Sequence[float], before: Sequence[float], *, target: Target | None) -> Line:
    return Line(
        benchmark=NAME,
        what=what,
        unit="MB",
        ours=Spread.of(after),
        theirs=Spread.of(before),
        meaning="MB more",
        figure=Spread.of([now - then for now, then in zip(after, before, strict=True)]),
        target=target,
    )


def _for_each(after: Sequence[float], before: Sequence[float]) -> Line:
    more = [(now - then) * KB / MORE for now, then in zip(after, before, strict=True)]
    return Line(benchmark=NAME, what="the same, for each caisse more", unit="KB", ours=Spread.of(more))

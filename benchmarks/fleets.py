"""A server with few caisses and one with many, made when a benchmark first needs them."""

from collections.abc import Mapping
from datetime import UTC, datetime

from benchmarks.scratch import GUICHET, PLAIN, Scratch
from benchmarks.side import Side
from guichet.running.screen import Screen

FEW, MANY = 5, 300


class WrongNumberError(RuntimeError):
    """There are more or fewer caisses than what is measured says."""


class Fleets:
    """Servers of their own, not databases of one: roles, which a schema has one of, belong to the whole server."""

    def __init__(self, scratch: Scratch, screen: Screen) -> None:
        self.scratch = scratch
        self.screen = screen
        # One moment for everything: it stands on the page that two sides show.
        self.now = datetime.now(UTC).isoformat()
        self._raised: set[int] = set()
        self._has_plain = False

    def environment(self, caisses: int) -> Mapping[str, str]:
        """Of a database that holds so many, among them the demo's."""
        environment = self.scratch.environment(server(caisses), GUICHET)
        if caisses not in self._raised:
            with self.screen.step(f"Raising {caisses} caisses"), Side("ours", environment) as ours:
                ours.ask("build", now=self.now)
                held = ours.ask("grow", to=caisses)
            if held != caisses:
                raise WrongNumberError(f"{caisses} caisses were to be raised, and there are {held}")
            self._raised.add(caisses)
        return environment

    def plain(self) -> Mapping[str, str]:
        """Of the plain project, in another database of the server that holds many caisses."""
        # Whose static files it shows.
        self.environment(MANY)
        environment = self.scratch.environment(server(MANY), PLAIN)
        if not self._has_plain:
            with self.screen.step("Building the plain project"), Side("plain", environment) as side:
                side.ask("build", now=self.now)
            self._has_plain = True
        return environment


def server(caisses: int) -> str:
    return f"server-{caisses}"

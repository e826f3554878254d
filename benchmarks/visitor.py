"""Who looks at warm pages: signed in at one caisse, and passing through the others."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle

from django.test import Client as Browser

from benchmarks.browsing import AGENT
from benchmarks.guest import FOUND, Answer, Guest, WrongPageError, path_of
from benchmarks.people import HOST, the_person
from benchmarks.statements import counted


def sign_in(*, read_code: Callable[[], str]) -> dict[str, str]:
    """Both steps through the screens; the cookies of the session."""
    person, browser = the_person(), Browser(SERVER_NAME=HOST, HTTP_USER_AGENT=AGENT)
    typed = {"identifier": person.identifier, "secret": person.secret}
    for screen, fields in (("sign_in", lambda: typed), ("second_step", lambda: {"code": read_code()})):
        answer = browser.post(path_of(screen), fields())
        if answer.status_code != FOUND:
            raise WrongPageError(f"{screen}: {answer.status_code}")
    return {name: each.value for name, each in browser.cookies.items()}


class Visitor:
    """Each caisse sees a browser of its own, whose cookies it keeps."""

    def __init__(self) -> None:
        self._guests: dict[str, Guest] = {}
        self._others: Iterator[str] = cycle(())

    def arrive(self, *, cookies: Mapping[str, str]) -> None:
        self._guests[HOST] = Guest(host=HOST, cookies=cookies)

    def visit(self, *, times: int) -> list[tuple[float, float]]:
        """Seconds of each visit: until its last byte, and until the process is free for the next one.

        One more comes first: the other side has had the processor meanwhile, and its caches.
        """
        answers = [self._look(HOST, "contracts") for _ in range(times + 1)][1:]
        return [(each.answered, each.free) for each in answers]

    def page(self, *, host: str = HOST, screen: str = "contracts") -> str:
        return self._look(host, screen).body.decode()

    def statements(self) -> list[str]:
        """What one warm visit says to PostgreSQL."""
        with counted() as said:
            self._look(HOST, "contracts")
        return said

    def go_round(self, *, hosts: Sequence[str]) -> None:
        """Once to the sign-in page of each of them, and from then on between two visits."""
        for host in hosts:
            self._look(host, "sign_in")
        self._others = cycle(hosts)

    def visit_among_others(self, *, times: int, host: str, screen: str) -> list[float]:
        """Seconds until the last byte of each visit, right after one to the next of the others."""
        seconds = []
        for _ in range(times):
            self._look(next(self._others), "sign_in")
            seconds.append(self._look(host, screen).answered)
        return seconds

    def _look(self, host: str, screen: str) -> Answer:
        guest = self._guests.setdefault(host, Guest(host=host))
        return guest.get(path_of(screen))

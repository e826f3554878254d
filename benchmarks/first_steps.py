"""Sign-ins, each by another client with another browser: no code is kept back as sent too soon."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from django.conf import settings

from benchmarks.browsing import TOKEN, token_of
from benchmarks.guest import Answer, Guest, WrongPageError, path_of
from benchmarks.people import HOST
from benchmarks.statements import counted
from tenant_apps.demo.people import Person


class FirstSteps:
    """`to` is the screen that takes what was typed, `leads_to` the one that a right secret comes to.

    `again`: each has signed in by the same browser before, which is known since.
    """

    def __init__(
        self, *, to: str, typed: Callable[[Person], Mapping[str, str]], leads_to: str, again: bool = False
    ) -> None:
        self._to = to
        self._again = again
        self._typed = typed
        self._leads_to = leads_to
        self._people: Iterator[Person] = iter(())

    def expect(self, people: Iterable[Person]) -> None:
        self._people = iter(people)

    def sign_in(self, *, times: int) -> list[float]:
        """Seconds of each, until the last byte of the answer. The page with the form comes before, and is not timed."""
        return [self._post(*self._ready()).answered for _ in range(times)]

    def statements(self) -> list[str]:
        """What one of them says to PostgreSQL."""
        guest, fields = self._ready()
        with counted() as said:
            self._post(guest, fields)
        return said

    def _ready(self) -> tuple[Guest, Mapping[str, str]]:
        """With Guichet's page on both sides: Django's sign-in comes without one."""
        person, guest = next(self._people), Guest(host=HOST)
        if self._again:
            self._post(guest, self._fields(person, guest))
            guest = guest.without(settings.SESSION_COOKIE_NAME)
        return guest, self._fields(person, guest)

    def _fields(self, person: Person, guest: Guest) -> Mapping[str, str]:
        page = guest.get(path_of("sign_in")).body.decode()
        return {TOKEN: token_of(page), **self._typed(person)}

    def _post(self, guest: Guest, fields: Mapping[str, str]) -> Answer:
        answer = guest.post(path_of(self._to), fields)
        if answer.location != path_of(self._leads_to):
            raise WrongPageError(f"the first step leads to {answer.location}")
        return answer

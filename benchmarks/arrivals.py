"""A client's whole way in over a real socket: both steps, the code off the phone, the home page."""

import http.client
import time
from dataclasses import dataclass

from benchmarks.browser import Browser, Page
from benchmarks.browsing import TOKEN, NoFormError, token_of
from benchmarks.people import HOST
from benchmarks.phones import NoCodeError, Phones
from tenant_apps.demo.people import Person

SIGN_IN, SECOND_STEP, HOME = "/connexion/", "/connexion/code/", "/"
OK, FOUND = 200, 302


class LostError(RuntimeError):
    """The client does not come to the home page."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """`lost` says where the way ended; empty for who has come home."""

    seconds: float
    lost: str = ""


def arrive(person: Person, *, port: int, phones: Phones) -> Arrival:
    """Never raises: what goes wrong is what is counted."""
    began = time.monotonic()
    lost = ""
    try:
        _sign_in(person, Browser(port=port, host=HOST), phones)
    except (LostError, NoCodeError, NoFormError, OSError, http.client.HTTPException) as error:
        lost = f"{person.name}: {type(error).__name__}: {error}"
    return Arrival(time.monotonic() - began, lost)


def _sign_in(person: Person, browser: Browser, phones: Phones) -> None:
    page = _page(browser, SIGN_IN)
    typed = {"identifier": person.identifier, "secret": person.secret}
    _lead_to(SECOND_STEP, browser.post(SIGN_IN, {TOKEN: token_of(page), **typed}))
    page = _page(browser, SECOND_STEP)
    code = phones.take(person.mobile)
    _lead_to(HOME, browser.post(SECOND_STEP, {TOKEN: token_of(page), "code": code}))
    if person.name not in _page(browser, HOME):
        raise LostError("the home page greets somebody else")


def _page(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    if answer.status != OK:
        raise LostError(f"GET {path}: {answer.status} {answer.location}")
    return answer.text


def _lead_to(path: str, answer: Page) -> None:
    if (answer.status, answer.location) != (FOUND, path):
        raise LostError(f"{answer.status} {answer.location} instead of the way to {path}")

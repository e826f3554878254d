"""A signed-in browser, as the WSGI handler sees one: no socket, no other process, nothing but the code.

A server in front would add the same milliseconds to both sides, and its scheduling to the noise.
"""

import io
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.test import Client as Browser
from django.urls import reverse

from benchmarks.client import HOST, the_person
from benchmarks.statements import counted

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
FOUND, OK = 302, "200 OK"

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class WrongPageError(RuntimeError):
    """What came back is not what a signed-in client gets."""


def sign_in(*, read_code: Callable[[], str]) -> dict[str, str]:
    """Both steps through the screens; the cookies of the session."""
    person, browser = the_person(), Browser(SERVER_NAME=HOST, HTTP_USER_AGENT=AGENT)
    typed = {"identifier": person.identifier, "secret": person.secret}
    for screen, fields in (("sign_in", lambda: typed), ("second_step", lambda: {"code": read_code()})):
        answer = browser.post(_path(screen), fields())
        if answer.status_code != FOUND:
            raise WrongPageError(f"{screen}: {answer.status_code}")
    return {name: each.value for name, each in browser.cookies.items()}


class Visitor:
    def __init__(self) -> None:
        self._cookies: SimpleCookie = SimpleCookie()

    def arrive(self, *, cookies: Mapping[str, str]) -> None:
        self._cookies = SimpleCookie(dict(cookies))

    def visit(self, *, times: int) -> list[tuple[float, float]]:
        """Seconds of each visit: until its last byte, and until the process is free for the next one.

        One more comes first: the other side has had the processor meanwhile, and its caches.
        """
        return [self._visit()[0] for _ in range(times + 1)][1:]

    def page(self) -> str:
        return self._visit()[1].decode()

    def statements(self) -> list[str]:
        """What one warm visit says to PostgreSQL."""
        with counted() as said:
            self._visit()
        return said

    @cached_property
    def _application(self) -> Application:
        return get_wsgi_application()

    @cached_property
    def _contracts(self) -> str:
        return _path("contracts")

    def _visit(self) -> tuple[tuple[float, float], bytes]:
        environ = self._environ()
        started: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
            started.update(status=status, headers=headers)

        began = time.perf_counter()
        response = self._application(environ, start_response)
        body = b"".join(response)
        answered = time.perf_counter()
        if close := getattr(response, "close", None):
            close()
        seconds = (answered - began, time.perf_counter() - began)
        if started["status"] != OK:
            raise WrongPageError(f"{started['status']}, {dict(started['headers']).get('Location', '')}")
        for name, value in started["headers"]:
            if name == "Set-Cookie":
                self._cookies.load(value)
        return seconds, body

    def _environ(self) -> dict[str, Any]:
        return {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": self._contracts,
            "QUERY_STRING": "",
            "SERVER_NAME": HOST,
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": HOST,
            "HTTP_USER_AGENT": AGENT,
            "HTTP_ACCEPT": "text/html",
            "HTTP_ACCEPT_LANGUAGE": "fr",
            "HTTP_COOKIE": "; ".join(f"{name}={each.value}" for name, each in self._cookies.items()),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }


def _path(screen: str) -> str:
    return reverse(screen, urlconf=settings.URL_TREES["caisse"])

"""A signed-in browser, as the WSGI handler sees one: no socket, no other process, nothing but the code.

A server in front would add the same milliseconds to both sides, and its scheduling to the noise.
"""

import io
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from http.cookies import SimpleCookie
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.test import Client as Browser

from benchmarks.client import the_user
from benchmarks.statements import counted

PATH = "/contrats/"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
OK = "200 OK"

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class WrongPageError(RuntimeError):
    """What came back is not the client's list of contracts."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    headers: list[tuple[str, str]]
    body: bytes


class Visitor:
    def __init__(self, *, host: str) -> None:
        self._host = host
        self._cookies: SimpleCookie = SimpleCookie()

    @cached_property
    def _application(self) -> Application:
        # Made when first asked for: it looks at the static files that must be there by then.
        return get_wsgi_application()

    def sign_in(self) -> None:
        """Django's own login, in the session engine of the settings. The caisse must be set."""
        browser = Browser(SERVER_NAME=self._host)
        browser.force_login(the_user())
        self._cookies = SimpleCookie({name: morsel.value for name, morsel in browser.cookies.items()})

    def visit(self, *, times: int) -> list[float]:
        """Seconds of each visit: from the request to the last byte, with what Django does when it closes."""
        return [self._visit()[0] for _ in range(times)]

    def page(self) -> str:
        return self._visit()[1].body.decode()

    def statements(self) -> list[str]:
        """What one warm visit says to PostgreSQL."""
        with counted() as said:
            self._visit()
        return said

    def _visit(self) -> tuple[float, Answer]:
        environ, started = self._environ(), {}

        def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
            started.update(status=status, headers=headers)

        began = time.perf_counter()
        response = self._application(environ, start_response)
        body = b"".join(response)
        if close := getattr(response, "close", None):
            close()
        seconds = time.perf_counter() - began
        answer = Answer(body=body, **started)
        if answer.status != OK:
            raise WrongPageError(f"{answer.status}, {dict(answer.headers).get('Location', '')}")
        for name, value in answer.headers:
            if name == "Set-Cookie":
                self._cookies.load(value)
        return seconds, answer

    def _environ(self) -> dict[str, Any]:
        return {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": PATH,
            "QUERY_STRING": "",
            "SERVER_NAME": self._host,
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": self._host,
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

"""A browser at one host, as the WSGI handler sees it: no socket, no other process, nothing but the code.

A server in front would add the same milliseconds to both sides, and its scheduling to the noise.
"""

import io
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from benchmarks.browsing import AGENT, FORM

OK, FOUND = 200, 302

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class WrongPageError(RuntimeError):
    """What came back is not what was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`answered`: seconds until its last byte; `free`: until the process could take the next request."""

    status: int
    location: str
    body: bytes
    answered: float
    free: float


class Guest:
    """Keeps the cookies that it is given."""

    def __init__(self, *, host: str, cookies: Mapping[str, str] | None = None) -> None:
        self._host = host
        self._cookies = SimpleCookie(dict(cookies or {}))

    def without(self, cookie: str) -> "Guest":
        """The same browser, which has lost one cookie."""
        kept = {name: each.value for name, each in self._cookies.items() if name != cookie}
        return Guest(host=self._host, cookies=kept)

    def get(self, path: str) -> Answer:
        """Raises WrongPageError, when something else came than a page."""
        return self._ask("GET", path, b"", expected=OK)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Raises WrongPageError, when the answer does not lead on."""
        return self._ask("POST", path, urlencode(fields).encode(), expected=FOUND)

    def _ask(self, method: str, path: str, body: bytes, *, expected: int) -> Answer:
        environ = self._environ(method, path, body)
        started: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
            started.update(status=status, headers=headers)

        application = _application()
        began = time.perf_counter()
        response = application(environ, start_response)
        received = b"".join(response)
        answered = time.perf_counter()
        if close := getattr(response, "close", None):
            close()
        free = time.perf_counter()
        answer = Answer(
            status=int(started["status"].partition(" ")[0]),
            location=dict(started["headers"]).get("Location", ""),
            body=received,
            answered=answered - began,
            free=free - began,
        )
        if answer.status != expected:
            raise WrongPageError(f"{method} {self._host}{path}: {answer.status} {answer.location}")
        for name, value in started["headers"]:
            if name == "Set-Cookie":
                self._cookies.load(value)
        return answer

    def _environ(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        form = {"CONTENT_TYPE": FORM, "CONTENT_LENGTH": str(len(body))} if body else {}
        return {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            **form,
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
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }


def path_of(screen: str) -> str:
    return reverse(screen, urlconf=settings.URL_TREES["caisse"])


@cache
def _application() -> Application:
    return get_wsgi_application()

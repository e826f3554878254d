"""A browser of one host, over a real socket. Names such as *.localhost go in the header: few resolvers know them."""

import http.client
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from benchmarks.browsing import AGENT, FORM
from benchmarks.ports import ADDRESS

PATIENCE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    status: int
    location: str
    text: str


class Browser:
    """One connection a request. Keeps the cookies that it is given."""

    def __init__(self, *, port: int, host: str) -> None:
        self._port = port
        self._host = host
        self._cookies: SimpleCookie = SimpleCookie()

    def get(self, path: str) -> Page:
        return self._ask("GET", path)

    def post(self, path: str, fields: Mapping[str, str]) -> Page:
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None = None) -> Page:
        headers = {
            "Host": self._host,
            "User-Agent": AGENT,
            "Cookie": "; ".join(f"{name}={each.value}" for name, each in self._cookies.items()),
            "Connection": "close",
            **({"Content-Type": FORM} if body is not None else {}),
        }
        with closing(http.client.HTTPConnection(ADDRESS, self._port, timeout=PATIENCE)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            self._cookies.load(cookie)
        return Page(status=answer.status, location=answer.headers.get("Location", ""), text=text)

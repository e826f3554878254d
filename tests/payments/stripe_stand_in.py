"""A server that answers as Stripe's published shapes say, for what localstripe has not: Checkout, lists by day."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tenant_apps.payments.domain.providers import CardProvider


@dataclass(slots=True)
class StandIn:
    """`answers`: status and body by method and path; what is not there is answered as Stripe's « no such »."""

    port: int = 0
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, list[str]], dict[str, str]]] = field(default_factory=list)

    @property
    def entry(self) -> CardProvider:
        """Plain HTTP, which the list of the GIE would refuse."""
        return CardProvider.model_construct(
            kind="stripe",
            api=f"http://127.0.0.1:{self.port}",
            pages=["https://checkout.stripe.com"],
            seconds=5,
        )

    def paths(self) -> list[str]:
        return [path for path, _fields, _headers in self.asked]


@contextmanager
def standing_in() -> Iterator[StandIn]:
    found = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            parts = urlsplit(self.path)
            place = f"{self.command} {parts.path}"
            found.asked.append((place, parse_qs(body or parts.query), dict(self.headers)))
            missing = (404, {"error": {"type": "invalid_request_error", "code": "resource_missing"}})
            status, said = found.answers.get(place, missing)
            text = json.dumps(said).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", said)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = _answer  # noqa: N815  # the names that http.server calls

        def log_message(self, *args: Any) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()


def listed(*things: Any) -> dict[str, Any]:
    return {"object": "list", "data": list(things), "has_more": False, "url": "/v1/x"}

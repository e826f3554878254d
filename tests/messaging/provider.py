"""An SMS provider on this computer: HTTPS, one thread, answers as a test tells it."""

import ssl
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Provider:
    """`answers`: status, headers, body of the next ones, then 201. `stalls`: it takes the call and says nothing."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    stalls: threading.Event = field(default_factory=threading.Event)
    drops: bool = False
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"https://localhost:{self.port}/v1/messages"


def serve(provider: Provider, *, certificate: Path) -> ThreadingHTTPServer:
    """Listening when this returns, on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            provider.asked.append(Asked(self.command, self.path, dict(self.headers), body))
            if provider.stalls.is_set():
                provider.over.wait(timeout=20)
                return
            if provider.drops:
                return
            status, headers, said = provider.answers.pop(0) if provider.answers else (201, {}, b"{}")
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(said))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        do_PUT = do_POST  # noqa: N815  # the names that http.server calls

        def log_message(self, *args: Any) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    # In the thread of the call: one that gives up on the certificate must not stop the others.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    provider.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return server

"""A mail server on this computer, with TLS, that answers as a test tells it."""

import asyncio
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass(slots=True)
class MailRoom:
    """What aiosmtpd calls. `rcpt` and `data`: the answer to the next recipients and mails; None: yes."""

    port: int = 0
    rcpt: str | None = None
    data: str | None = None
    drops: bool = False
    taken: list[Envelope] = field(default_factory=list)
    tried: list[tuple[bytes, bytes]] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  # the names that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt is not None:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # as above
        if self.drops:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return "250 OK"
        if self.data is not None:
            return self.data
        self.taken.append(envelope)
        return "250 OK"

    def authenticator(
        self, server: SMTP, session: Session, envelope: Envelope, how: str, said: Any
    ) -> AuthResult:
        assert isinstance(said, LoginPassword)
        self.tried.append((said.login, said.password))
        return AuthResult(success=said.password == b"passe-du-courrier", handled=False)


class _Listening(Controller):
    """On whatever port is free: its own looks for itself on the port that it asked for."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def open_room(room: MailRoom, *, certificate: Path | None, tls: bool = False) -> Controller:
    """Listening when this returns. `tls`: from the first byte; otherwise STARTTLS, which it insists on if it can."""
    how: dict[str, Any] = {}
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        how = {"tls_context": context, "require_starttls": True, "auth_required": True}
        if tls:
            # It does not see the encryption around it, and warns of what it takes for none.
            how = {"ssl_context": context, "auth_require_tls": False}
        how["authenticator"] = room.authenticator
    controller = _Listening(room, hostname="127.0.0.1", port=0, **how)
    controller.start()
    room.port = controller.port
    return controller

"""Mail through the caisse's own server: signed in, encrypted, and what is made of each of its answers."""

import logging
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django_tenants.utils import tenant_context

from guichet.tenancy.signing import keyring
from tenant_apps.messaging import smtp
from tenant_apps.messaging.deliver_message import deliver_message
from tenant_apps.messaging.domain.providers import MailServer, Providers
from tenant_apps.messaging.domain.returns import Why
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.references import Reference, read_return_address
from tenant_apps.messaging.smtp import SmtpMail
from tenant_apps.messaging.transports import ProviderDownError, RefusedError, TransportError
from tenants.models import Caisse
from tenants.policy.secrets import set_secret
from tests.messaging.certificates import make_certificate
from tests.messaging.conftest import Queue, envelope, republish
from tests.messaging.mail_server import MailRoom, open_room
from tests.world import NOON

PASSWORD, ADDRESS = "passe-du-courrier", "client@alpha.example.org"
Use = Callable[..., None]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("certificates"), host="localhost")


@pytest.fixture(params=["starttls"])
def room(certificates: tuple[Path, Path], request: pytest.FixtureRequest) -> Iterator[MailRoom]:
    found = MailRoom()
    controller = open_room(found, certificate=certificates[1], tls=request.param == "tls")
    yield found
    controller.stop()


@pytest.fixture
def use(in_alpha: Caisse, room: MailRoom, certificates: tuple[Path, Path], settings: Any) -> Use:
    """Alpha sends through the room: its policy names it, its secrets open it."""
    settings.MESSAGE_TRANSPORTS = {"mail": "tenant_apps.messaging.smtp.SmtpMail"}
    settings.RETURN_ADDRESS = "retours@example.org"
    republish(in_alpha, {"senders": {"mail_server": "maison"}})
    for name, value in ((smtp.USER, "alpha"), (smtp.PASSWORD, PASSWORD)):
        set_secret(name=name, value=value, by="tests", at=NOON)

    def with_server(**more: Any) -> None:
        entry = {"host": "localhost", "port": room.port, "ca_file": str(certificates[0]), **more}
        settings.PROVIDERS = Providers(mail={"maison": MailServer.model_validate(entry)})

    with_server()
    return with_server


def send() -> None:
    SmtpMail().send(
        envelope(channel="mail", kind="new_sign_in", to=ADDRESS, subject="Objet", html="<p>x</p>")
    )


@pytest.mark.parametrize("room", ["starttls", "tls"], indirect=True)
def test_a_mail_arrives_encrypted_signed_in_and_knows_the_way_back(
    use: Use, room: MailRoom, request: pytest.FixtureRequest
) -> None:
    use(security=request.node.callspec.params["room"])
    send()
    [taken] = room.taken
    assert room.tried == [(b"alpha", PASSWORD.encode())]
    assert taken.rcpt_tos == [ADDRESS]
    assert taken.mail_from is not None
    found = read_return_address(address=taken.mail_from, keys=keyring())
    assert found == Reference(envelope().uuid)
    assert b"From: Caisse Alpha <ne-pas-repondre@alpha.example.org>" in (taken.original_content or b"")
    assert b"Auto-Submitted: auto-generated" in (taken.original_content or b"")


def test_a_server_may_have_a_return_address_of_its_own(use: Use, room: MailRoom) -> None:
    use(return_address="rebonds@courrier.alpha.example.org")
    send()
    assert (room.taken[0].mail_from or "").endswith("@courrier.alpha.example.org")


@pytest.mark.parametrize(
    ("answers", "raised", "why"),
    [
        (("550 5.1.1 no such user", None), RefusedError, Why.UNKNOWN),
        (("552 5.2.2 mailbox full", None), RefusedError, Why.FULL),
        (("550 5.7.1 blocked", None), RefusedError, Why.REFUSED),
        (("450 4.2.0 greylisted", None), TransportError, "SMTP 450"),
        ((None, "554 5.6.0 refused"), RefusedError, Why.REFUSED),
        ((None, "451 4.3.0 later"), TransportError, "SMTP 451"),
    ],
)
def test_each_answer_has_its_meaning(
    use: Use, room: MailRoom, answers: tuple[str | None, str | None], raised: type[Exception], why: str
) -> None:
    room.rcpt, room.data = answers
    with pytest.raises(raised) as error:
        send()
    assert (type(error.value), str(error.value)) == (raised, str(why))


def test_an_address_that_is_refused_for_good_is_not_tried_again(
    use: Use, room: MailRoom, notice: Queue
) -> None:
    room.rcpt = "550 5.1.1 no such user"
    message = notice()
    assert deliver_message(uuid=message.uuid, now=NOON) == Message.State.FAILED
    message.refresh_from_db()
    assert (message.attempts, message.last_error) == (1, Why.UNKNOWN)


def test_a_connection_that_is_dropped_is_a_try_that_failed(use: Use, room: MailRoom) -> None:
    room.drops = True
    with pytest.raises(ProviderDownError, match="SMTPServerDisconnected"):
        send()


def test_a_server_that_says_nothing_is_given_up_soon(use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "SECONDS", 0.1)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        use(port=silent.getsockname()[1], host="127.0.0.1")
        with pytest.raises(ProviderDownError):
            send()


def test_nothing_is_said_in_clear(use: Use) -> None:
    """A server that offers no STARTTLS is not spoken to any further."""
    plain = MailRoom()
    controller = open_room(plain, certificate=None)
    try:
        use(port=plain.port)
        with pytest.raises(TransportError, match="SMTPNotSupportedError"):
            send()
        assert (plain.taken, plain.tried) == ([], [])
    finally:
        controller.stop()


def test_a_certificate_of_another_authority_is_refused(use: Use, room: MailRoom) -> None:
    use(ca_file=None)
    with pytest.raises(ProviderDownError, match="SSLCertVerificationError"):
        send()
    assert room.tried == []


def test_a_wrong_password_is_not_told(
    use: Use, room: MailRoom, notice: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    set_secret(name=smtp.PASSWORD, value="un-autre-passe", by="tests", at=NOON)
    message = notice()
    assert deliver_message(uuid=message.uuid, now=NOON) == Message.State.QUEUED
    message.refresh_from_db()
    assert message.last_error == "SMTPAuthenticationError"
    assert "un-autre-passe" not in caplog.text


def test_a_server_that_the_list_lost_and_a_password_that_is_not_set_are_said(
    beta: Caisse, use: Use, settings: Any
) -> None:
    with tenant_context(beta):
        republish(beta, {"senders": {"mail_server": "maison"}})
        with pytest.raises(TransportError, match=r"smtp\.user"):
            send()
    settings.PROVIDERS = Providers()
    with pytest.raises(TransportError, match="no provider is configured for mail"):
        send()

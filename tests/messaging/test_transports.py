import smtplib
from uuid import UUID

import pytest
from django.core import mail
from django_tenants.utils import tenant_context

from tenant_apps.messaging.smtp import SmtpMail
from tenant_apps.messaging.transports import Envelope, TransportError
from tenants.models import Caisse
from tests.world import NOON

ENVELOPE = Envelope(
    uuid=UUID("00000000-0000-4000-8000-000000000002"),
    kind="new_sign_in",
    channel="mail",
    at=NOON,
    to="client@alpha.example.org",
    text="Bonjour",
    subject="Nouvelle connexion",
    html="<p>Bonjour</p>",
)


def test_a_mail_comes_from_the_caisse_that_sends_it(alpha: Caisse, beta: Caisse) -> None:
    for caisse in (alpha, beta):
        with tenant_context(caisse):
            SmtpMail().send(ENVELOPE)
    senders = [each.message()["From"] for each in mail.outbox]
    assert senders == [
        "Caisse Alpha <ne-pas-repondre@alpha.example.org>",
        "Caisse Beta <ne-pas-repondre@beta.example.org>",
    ]


def test_a_mail_sent_again_keeps_its_number(in_alpha: Caisse) -> None:
    for _ in range(2):
        SmtpMail().send(ENVELOPE)
    numbers = {each.message()["Message-ID"] for each in mail.outbox}
    assert numbers == {f"<{ENVELOPE.uuid}@alpha.example.org>"}
    assert [part.get_content_type() for part in mail.outbox[0].message().walk()][1:] == [
        "text/plain",
        "text/html",
    ]


@pytest.mark.parametrize(
    "failure",
    [smtplib.SMTPServerDisconnected("secret of the server"), ConnectionRefusedError(), TimeoutError()],
)
def test_a_server_of_mails_that_does_not_answer_is_a_try_that_failed(
    failure: Exception, in_alpha: Caisse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise failure

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    with pytest.raises(TransportError) as refused:
        SmtpMail().send(ENVELOPE)
    assert str(refused.value) == type(failure).__name__

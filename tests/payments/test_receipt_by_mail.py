"""The receipt goes with its mail: the outbox keeps where it is, and each try sends the same file."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.test import Client as Browser

from guichet.kernel.money import Money
from guichet.tenancy.connection import connection
from guichet.tenancy.signing import keyring
from tenant_apps.clients.models import Client
from tenant_apps.demo.models import MailboxAttachment
from tenant_apps.documents.attaching import attached
from tenant_apps.documents.models import Document
from tenant_apps.documents.selectors import content_of
from tenant_apps.messaging.attachments import NotInThisChannelError
from tenant_apps.messaging.deliver_message import deliver_message
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.queue_message import queue_message
from tenant_apps.messaging.rendering import PURPOSE
from tenant_apps.messaging.transports import TransportError
from tenant_apps.payments.services.receipts import make_receipt
from tests.messaging.post import PATH, Post
from tests.payments.bank import Bank
from tests.payments.conftest import ONE
from tests.payments.counter_product import Counter
from tests.payments.paying import SOON, begun, pay

LATER = SOON + timedelta(hours=3)


@pytest.fixture
def receipt(client: Client, counter: Counter, bank: type[Bank]) -> Document:
    counter.prices[ONE] = Money.of(15)
    payment = begun(client, ONE)
    pay(payment)
    make_receipt(uuid=payment.uuid, now=SOON)
    return Document.objects.get()


@pytest.fixture
def post(settings: Any) -> type[Post]:
    Post.reset()
    settings.MESSAGE_TRANSPORTS = dict.fromkeys(("mail", "sms"), PATH)
    return Post


def told() -> Message:
    return Message.objects.get(kind="payment_receipt")


def test_the_pdf_leaves_with_the_mail_under_a_name_that_says_what_it_is(
    receipt: Document, settings: Any
) -> None:
    settings.MESSAGE_TRANSPORTS = {"mail": "tenant_apps.messaging.smtp.SmtpMail"}
    assert deliver_message(uuid=told().uuid, now=SOON) == "sent"
    (sent,) = mail.outbox
    ((name, content, kind),) = sent.attachments
    assert (name, kind) == ("recu-de-paiement-2026-000001.pdf", "application/pdf")
    assert content == content_of(document=receipt)
    assert "joint à cet e-mail" in str(sent.body)
    assert f"/documents/{receipt.uuid}/" in str(sent.body)


def test_the_outbox_has_no_byte_of_it(receipt: Document) -> None:
    words = keyring().open(told().sealed, purpose=PURPOSE)
    assert json.loads(words)["attached"] == [["document", str(receipt.uuid)]]
    assert "%PDF" not in words


def test_each_try_sends_the_same_file(receipt: Document, post: type[Post]) -> None:
    post.fails_with.append(TransportError("away"))
    deliver_message(uuid=told().uuid, now=SOON)
    assert deliver_message(uuid=told().uuid, now=LATER) == "sent"
    (envelope,) = post.sent
    assert [each.content for each in envelope.attachments] == [content_of(document=receipt)]


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"%PDF another")])
def test_a_document_that_is_gone_or_spoilt_is_not_promised(
    receipt: Document, post: type[Post], spoil: Callable[[Path], object]
) -> None:
    spoil(Path(default_storage.path(receipt.file)))
    assert deliver_message(uuid=told().uuid, now=SOON) == "sent"
    (envelope,) = post.sent
    assert envelope.attachments == ()
    for words in (envelope.text, envelope.html):
        assert "est joint" not in words
        assert "demandez-le à votre agence" in words


def test_a_storage_that_does_not_answer_is_a_try_that_failed(
    receipt: Document, post: type[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr("guichet.tenancy.files.TenantStorage.open", away)
        assert deliver_message(uuid=told().uuid, now=SOON) == "queued"
    assert told().last_error == "the storage of documents does not answer"
    assert deliver_message(uuid=told().uuid, now=LATER) == "sent"
    assert post.sent[0].attachments


def test_who_has_no_address_gets_an_sms_that_nothing_goes_with(
    client: Client, counter: Counter, bank: type[Bank], post: type[Post]
) -> None:
    client.email = ""
    client.save(update_fields=["email"])
    counter.prices[ONE] = Money.of(15)
    payment = begun(client, ONE)
    pay(payment)
    make_receipt(uuid=payment.uuid, now=SOON)
    assert deliver_message(uuid=told().uuid, now=SOON) == "sent"
    (envelope,) = post.sent
    assert (envelope.channel, envelope.attachments) == ("sms", ())


def test_nothing_is_put_with_an_sms_or_a_letter(receipt: Document, client: Client) -> None:
    words: dict[str, Any] = {"context": {}, "now": SOON, "secret": False, "about": client.uuid}
    for channel in ("sms", "letter"):
        with pytest.raises(NotInThisChannelError):
            queue_message(
                kind="payment_receipt",
                channel=channel,
                to="x",
                language="fr",
                attached=[attached(document=receipt)],
                **words,
            )


def test_the_mailbox_of_the_demo_shows_it_and_opens_it(
    receipt: Document, settings: Any, anne: Browser, clock: object
) -> None:
    settings.MESSAGE_TRANSPORTS = {"mail": "tenant_apps.demo.transport.Mailbox"}
    content, message = content_of(document=receipt), told().uuid
    deliver_message(uuid=message, now=SOON)
    assert MailboxAttachment.objects.count() == 1
    connection.set_schema_to_public()
    page = anne.get("/demo/messages/").content.decode()
    address = f"/demo/messages/{message}/piece/0/"
    assert address in page
    assert "recu-de-paiement-2026-000001.pdf" in page
    answer = anne.get(address)
    assert (answer.headers["Content-Type"], answer.content) == ("application/pdf", content)
    assert anne.get(f"/demo/messages/{message}/piece/1/").status_code == 404
    rows = anne.get("/demo/messages.json").json()["messages"]
    assert [each["attachments"] for each in rows if each["uuid"] == str(message)] == [
        ["recu-de-paiement-2026-000001.pdf"]
    ]

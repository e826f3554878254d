"""The receipt of a payment: made once, kept as it is, and its owner's alone."""

import io
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.db import ProgrammingError, transaction
from django.test import Client as Browser
from django.urls import reverse
from django_tenants.utils import tenant_context
from pypdf import PdfReader
from qrcode.image.base import BaseImage
from qrcode.main import QRCode

from guichet.kernel.money import Money
from guichet.tenancy.connection import connection
from guichet.web.own_address import own_address
from tenant_apps.clients.models import Client
from tenant_apps.documents.models import Document
from tenant_apps.documents.store_document import store_document
from tenant_apps.messaging.models import Message
from tenant_apps.payments.models import Payment
from tenant_apps.payments.services.receipts import RECEIPT, make_receipt
from tenants.models import Caisse
from tests.identity.steps import mails, publish, put_in, user_of
from tests.payments.bank import Bank
from tests.payments.conftest import ONE, TWO
from tests.payments.counter_product import Counter
from tests.payments.paying import SOON, begun, pay
from tests.world import BRUNO, NOON


@pytest.fixture
def paid(client: Client, counter: Counter, bank: type[Bank]) -> Payment:
    counter.prices.update({ONE: Money.of("1234.50"), TWO: Money.of(20)})
    payment = begun(client, ONE, TWO)
    counter.spilt[TWO] = "redeemed"
    pay(payment)
    return payment


@pytest.fixture
def receipt(alpha: Caisse, paid: Payment) -> Document:
    make_receipt(uuid=paid.uuid, now=SOON)
    return Document.objects.get()


def text_of(content: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def read(browser: Browser, document: Document) -> bytes:
    answer = browser.get(f"/documents/{document.uuid}/")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    content: bytes = answer.content
    return content


def test_it_says_what_was_paid_and_what_became_of_it(receipt: Document, anne: Browser, alpha: Caisse) -> None:
    said = text_of(read(anne, receipt)).replace("\xa0", " ").replace("\u202f", " ")
    for words in ("2026-000001", "1 234,50 €", "1 254,50 €", "Café", "Somme gardée", "Caisse Alpha", "C-1"):
        assert words in said
    listed = anne.get("/documents/").content.decode()
    assert "2026-000001" in listed


def test_a_second_run_makes_no_second_one_and_tells_once(receipt: Document, paid: Payment) -> None:
    make_receipt(uuid=paid.uuid, now=SOON)
    assert Document.objects.get().sha256 == receipt.sha256
    assert Message.objects.filter(kind="payment_receipt").count() == 1


def test_the_mail_leads_to_the_document(receipt: Document, alpha: Caisse) -> None:
    connection.set_schema_to_public()
    (mail,) = mails(alpha, kind="payment_receipt")
    assert f"/documents/{receipt.uuid}/" in mail


def test_nothing_is_made_for_what_was_not_paid(client: Client, counter: Counter, bank: type[Bank]) -> None:
    counter.prices[ONE] = Money.of(15)
    make_receipt(uuid=begun(client, ONE).uuid, now=SOON)
    assert not Document.objects.exists()


def test_another_client_and_another_caisse_find_nothing(
    receipt: Document, beta: Caisse, anne: Browser, browser_at: Callable[[str], Browser]
) -> None:
    connection.set_schema_to_public()
    bruno = put_in(browser_at(BRUNO.host), beta, user_of(beta))
    assert bruno.get(f"/documents/{receipt.uuid}/").status_code == 404
    assert browser_at("alpha.localhost").get(f"/documents/{receipt.uuid}/").status_code == 302
    assert anne.get(f"/documents/{uuid4()}/").status_code == 404


def test_a_file_that_is_no_longer_what_was_given_is_not_given(receipt: Document, anne: Browser) -> None:
    path = Path(default_storage.path(receipt.file))
    assert path.read_bytes().startswith(b"%PDF")
    assert str(receipt.client.number) not in path.name
    path.write_bytes(b"%PDF-1.4 another")
    assert anne.get(f"/documents/{receipt.uuid}/").status_code == 404
    path.unlink()
    assert anne.get(f"/documents/{receipt.uuid}/").status_code == 404


def test_the_database_lets_nobody_change_or_remove_a_document(receipt: Document) -> None:
    for act in (
        lambda: Document.objects.update(name="x"),
        lambda: Document.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            act()


def test_the_list_says_how_much_each_receipt_is_of_and_for_what(receipt: Document, anne: Browser) -> None:
    page = anne.get("/documents/").content.decode().replace("\xa0", " ").replace("\u202f", " ")
    assert "1 254,50 € · Café" in page


def test_the_list_has_pages_and_always_as_many_queries(
    client: Client, anne: Browser, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for number in range(45):
        store_document(
            uuid=uuid4(),
            client=client,
            kind=RECEIPT,
            name=f"2026-{number:06}",
            about=uuid4(),
            media_type="application/pdf",
            content=b"x",
            now=NOON,
        )
    connection.set_schema_to_public()
    anne.get("/documents/")
    with django_assert_max_num_queries(9):  # type: ignore[attr-defined]  # pytest-django's own context manager
        page = anne.get("/documents/?page=3").content.decode()
    assert page.count("card-target") == 5
    assert "2026-000000" in page


def test_where_the_policy_has_no_documents_there_is_no_page(
    alpha: Caisse, receipt: Document, anne: Browser
) -> None:
    connection.set_schema_to_public()
    publish(alpha, {"products": ["pawn_loans"]})
    assert anne.get("/documents/").status_code == 404
    assert anne.get(f"/documents/{receipt.uuid}/").status_code == 404
    with tenant_context(alpha):
        assert Document.objects.exists()


def test_its_code_leads_to_the_original(receipt: Document, anne: Browser, alpha: Caisse) -> None:
    """What is drawn on the page, square by square, is the code of that address."""
    [page] = PdfReader(io.BytesIO(read(anne, receipt))).pages
    content = page.get_contents()
    assert content is not None
    squares = [[float(each) for each in operands] for operands, name in content.operations if name == b"re"]
    side = min(width for *_, width, _ in squares)
    left, top = min(x for x, *_ in squares), max(y for _, y, *_ in squares)
    dark = {(round((top - y) / side), round((x - left) / side)) for x, y, *_ in squares}
    code: QRCode[BaseImage] = QRCode(border=0)
    with tenant_context(alpha):
        code.add_data(own_address(reverse("document", args=[receipt.uuid])))
    wanted = {(y, x) for y, row in enumerate(code.get_matrix()) for x, is_dark in enumerate(row) if is_dark}
    assert dark == wanted

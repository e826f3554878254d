"""The receipt of a payment: made once, kept among the client's documents, told by mail."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from guichet.web.own_address import own_address
from tenant_apps.documents.selectors import document_about
from tenant_apps.documents.store_document import store_document
from tenant_apps.payments.domain.states import CAPTURED
from tenant_apps.payments.models import Payment
from tenant_apps.payments.receipt_pdf import receipt_pdf
from tenant_apps.payments.receipt_words import receipt_words
from tenant_apps.payments.services.notices import tell_of_receipt

RECEIPT = "payment_receipt"
PDF = "application/pdf"


@transaction.atomic
def make_receipt(*, uuid: UUID, now: datetime) -> None:
    """Idempotent: of two at once, the second waits on the payment's row and finds the receipt made."""
    locked = Payment.objects.select_for_update(of=("self",)).select_related("client")
    payment = locked.get(uuid=uuid)
    if payment.state not in CAPTURED or document_about(kind=RECEIPT, about=payment.uuid) is not None:
        return
    document = uuid4()
    # It leads to the client's own space, and says nothing to anybody else.
    link = own_address(reverse("document", args=[document]))
    with override(payment.client.language):
        words = receipt_words(payment=payment, link=link)
    stored = store_document(
        uuid=document,
        client=payment.client,
        kind=RECEIPT,
        name=words.number,
        about=payment.uuid,
        media_type=PDF,
        content=receipt_pdf(words),
        now=now,
    )
    tell_of_receipt(payment=payment, document=stored, document_link=link, now=now)

"""Papers of the counter: made once, kept among the client's documents, the receipt told to the client."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from guichet.web.own_address import own_address
from tenant_apps.documents.models import Document
from tenant_apps.documents.selectors import document_about
from tenant_apps.documents.store_document import store_document
from tenant_apps.pawn.domain.operations import RECEIVED
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.papers.contract_pdf import contract_pdf
from tenant_apps.pawn.papers.contract_words import contract_words
from tenant_apps.pawn.papers.receipt_words import counter_receipt_words
from tenant_apps.pawn.papers.tell_receipt import tell_of_counter_receipt
from tenant_apps.pawn.services.doing import locked_contract
from tenant_apps.payments.receipt_pdf import receipt_pdf

CONTRACT, RECEIPT = "pawn_contract", "pawn_receipt"
"""The kinds of documents."""
PDF = "application/pdf"


@transaction.atomic
def keep_contract(*, contract: Contract, now: datetime) -> Document:
    """As it was signed. Of two at once, the second finds the first one's. Not of a mirrored contract."""
    locked = locked_contract(contract=contract)
    if found := document_about(kind=CONTRACT, about=locked.uuid):
        return found
    return store_document(
        uuid=uuid4(),
        client=locked.client,
        kind=CONTRACT,
        name=locked.number,
        about=locked.uuid,
        media_type=PDF,
        content=contract_pdf(contract_words(contract=locked)),
        now=now,
    )


@transaction.atomic
def keep_counter_receipt(*, operation: UUID, now: datetime) -> Document | None:
    """None of an act that has no receipt. The client is told when it is made, once."""
    found = Operation.objects.select_related("contract__client").filter(uuid=operation).first()
    if found is None or not found.receipt or found.kind not in RECEIVED:
        return None
    # Its own row is never locked: nobody may change it. The contract's stands for it.
    locked_contract(contract=found.contract)
    if kept := document_about(kind=RECEIPT, about=found.uuid):
        return kept
    document, client = uuid4(), found.contract.client
    page = reverse("document", args=[document])
    with override(client.language):
        words = counter_receipt_words(operation=found, link=own_address(page))
    stored = store_document(
        uuid=document,
        client=client,
        kind=RECEIPT,
        name=found.receipt,
        about=found.uuid,
        media_type=PDF,
        content=receipt_pdf(words),
        now=now,
    )
    tell_of_counter_receipt(operation=found, document=stored, page=page, now=now)
    return stored

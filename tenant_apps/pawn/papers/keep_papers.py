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
from tenant_apps.pawn.domain.operations import WITH_RECEIPT
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.papers.contract_pdf import contract_pdf
from tenant_apps.pawn.papers.contract_words import contract_words
from tenant_apps.pawn.papers.receipt_words import counter_receipt_words
from tenant_apps.pawn.papers.tell_receipt import tell_of_counter_receipt
from tenant_apps.pawn.services.doing import locked_contract
from tenant_apps.payments.receipt_pdf import receipt_pdf

CONTRACT, RECEIPT, CANCELLATION = "pawn_contract", "pawn_receipt", "pawn_cancellation"
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
    """None of an act that has no receipt. The client is told when it is made, once; of what was taken back, by that
    act itself.
    """
    found = _with_receipt(operation)
    if found is None:
        return None
    kind = RECEIPT if found.takes_back is None else CANCELLATION
    # Its own row is never locked: nobody may change it. The contract's stands for it.
    locked_contract(contract=found.contract)
    if kept := document_about(kind=kind, about=found.uuid):
        return kept
    document, client = uuid4(), found.contract.client
    page = reverse("document", args=[document])
    with override(client.language):
        words = counter_receipt_words(operation=found, link=own_address(page))
    stored = store_document(
        uuid=document,
        client=client,
        kind=kind,
        name=found.receipt,
        about=found.uuid,
        media_type=PDF,
        content=receipt_pdf(words),
        now=now,
    )
    if kind == RECEIPT and not _is_taken_back(found):
        tell_of_counter_receipt(operation=found, document=stored, page=page, now=now)
    return stored


def cancelled_receipt(*, operation: UUID, document: UUID) -> bytes | None:
    """A receipt that is printed again, with what has become of it: None where it stands. The document stays as it was
    given.
    """
    found = _with_receipt(operation)
    if found is None or not _is_taken_back(found):
        return None
    link = own_address(reverse("document", args=[document]))
    with override(found.contract.client.language):
        return receipt_pdf(counter_receipt_words(operation=found, link=link))


def _with_receipt(operation: UUID) -> Operation | None:
    rows = Operation.objects.select_related("contract__client", "takes_back", "taken_back_by")
    return rows.filter(uuid=operation, kind__in=WITH_RECEIPT).exclude(receipt="").first()


def _is_taken_back(operation: Operation) -> bool:
    return getattr(operation, "taken_back_by", None) is not None

"""The receipt of a boni: kept among the client's documents, printed to be signed, marked when it is printed again."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from tenant_apps.documents.models import Document
from tenant_apps.documents.selectors import document_about
from tenant_apps.documents.store_document import store_document
from tenant_apps.journal.selectors import first_of_operation
from tenant_apps.pawn.domain.operations import OperationKind
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.papers.boni_pdf import boni_pdf
from tenant_apps.pawn.papers.boni_words import boni_words
from tenant_apps.pawn.papers.duplicate import printed_again
from tenant_apps.pawn.services.doing import journalled_as, locked_contract, write_event

BONI_RECEIPT = "pawn_boni_receipt"
"""The kind of document."""
PRINTED, AGAIN = "pawn.boni_receipt_printed", "pawn.boni_receipt_duplicated"
"""What the journal calls each."""
PDF = "application/pdf"


@transaction.atomic
def keep_boni_receipt(*, operation: UUID, now: datetime) -> Document | None:
    """None of what is no boni paid under a number. Of two at once, the second finds the first one's."""
    found = _of(operation=operation)
    if found is None:
        return None
    locked_contract(contract=found.contract)
    if kept := document_about(kind=BONI_RECEIPT, about=found.uuid):
        return kept
    return store_document(
        uuid=uuid4(),
        client=found.contract.client,
        kind=BONI_RECEIPT,
        name=found.receipt,
        about=found.uuid,
        media_type=PDF,
        content=boni_pdf(boni_words(operation=found)),
        now=now,
    )


@transaction.atomic
def print_boni_receipt(*, contract: Contract, by: UUID, now: datetime) -> tuple[str, bytes] | None:
    """Its number and a PDF. The first is the one to sign, which the journal keeps in mind; None where there is none."""
    locked = locked_contract(contract=contract)
    found = boni_paid(contract=locked)
    if found is None:
        return None
    first = boni_receipt_printed_at(contract=locked, operation=found.uuid)
    kind = AGAIN if first else PRINTED
    write_event(kind=kind, contract=locked, now=now, by=str(by), operation=str(found.uuid))
    again = f"{printed_again(now=now, first=first)}." if first else ""
    return found.receipt, boni_pdf(boni_words(operation=found), again=again)


def boni_paid(*, contract: Contract) -> Operation | None:
    """Under a number: one that was paid before there were any has no receipt."""
    return _numbered().filter(contract=contract).first()


def boni_receipt_printed_at(*, contract: Contract, operation: UUID) -> datetime | None:
    return first_of_operation(subjects=journalled_as(contract=contract), kind=PRINTED, operation=operation)


def _of(*, operation: UUID) -> Operation | None:
    return _numbered().filter(uuid=operation).first()


def _numbered() -> "QuerySet[Operation]":
    paid = Operation.objects.filter(kind=OperationKind.BONI_PAID).exclude(receipt="")
    return paid.select_related("contract__client", "contract__sale")

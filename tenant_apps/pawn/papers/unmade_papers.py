"""Papers that were not made with the act that wanted them: a storage that did not answer, a killed worker."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tenant_apps.documents.models import Document
from tenant_apps.pawn.domain.operations import RECEIVED, OperationKind
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.papers.boni_receipt import BONI_RECEIPT, keep_boni_receipt
from tenant_apps.pawn.papers.keep_papers import (
    CANCELLATION,
    CONTRACT,
    RECEIPT,
    keep_contract,
    keep_counter_receipt,
)
from tenant_apps.pawn.papers.keep_prolonged import FOR_NOTHING, PROLONGED, keep_prolonged

# Those of before were looked at in their time.
WITHIN = timedelta(days=7)

# By kind of document: the operations that want one, and who makes it.
_PAPERS: dict[str, tuple[Q, Callable[..., object]]] = {
    RECEIPT: (Q(kind__in=RECEIVED) & ~Q(receipt=""), keep_counter_receipt),
    CANCELLATION: (Q(kind=OperationKind.TAKEN_BACK) & ~Q(receipt=""), keep_counter_receipt),
    BONI_RECEIPT: (Q(kind=OperationKind.BONI_PAID) & ~Q(receipt=""), keep_boni_receipt),
    PROLONGED: (FOR_NOTHING, keep_prolonged),
}


def make_unmade_papers(*, now: datetime, limit: int) -> int:
    """How many were made. Running it twice makes none again."""
    made = 0
    for each in [*_contracts(now)[:limit]]:
        keep_contract(contract=each, now=now)
        made += 1
    for kind, (operations, keep) in _PAPERS.items():
        for uuid in [*_unmade(operations, kind, now)[:limit]]:
            keep(operation=uuid, now=now)
            made += 1
    return made


def _contracts(now: datetime) -> QuerySet[Contract]:
    opened = Contract.objects.filter(
        operations__kind="opened", operations__at__gt=now - WITHIN, tariff__isnull=False
    )
    return opened.filter(~Exists(_kept(CONTRACT))).order_by("id")


def _unmade(operations: Q, kind: str, now: datetime) -> QuerySet[Operation, UUID]:
    lately = Operation.objects.filter(operations, at__gt=now - WITHIN)
    return lately.filter(~Exists(_kept(kind))).order_by("id").values_list("uuid", flat=True)


def _kept(kind: str) -> QuerySet[Document]:
    return Document.objects.filter(about=OuterRef("uuid"), kind=kind)

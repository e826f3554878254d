"""Papers that were not made with the act that wanted them: a storage that did not answer, a killed worker."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from tenant_apps.documents.models import Document
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.papers.keep_papers import (
    CANCELLATION,
    CONTRACT,
    RECEIPT,
    keep_contract,
    keep_counter_receipt,
)

# Those of before were looked at in their time.
WITHIN = timedelta(days=7)


def make_unmade_papers(*, now: datetime, limit: int) -> int:
    """How many were made. Running it twice makes none again."""
    kept = Document.objects.filter(about=OuterRef("uuid"))
    lately = Operation.objects.filter(at__gt=now - WITHIN).exclude(receipt="")
    receipts = lately.filter(~Exists(kept.filter(kind__in=[RECEIPT, CANCELLATION]))).order_by("id")[:limit]
    opened = Contract.objects.filter(
        operations__kind="opened", operations__at__gt=now - WITHIN, tariff__isnull=False
    )
    contracts = opened.filter(~Exists(kept.filter(kind=CONTRACT))).order_by("id")[:limit]
    made = 0
    for each in [*contracts]:
        keep_contract(contract=each, now=now)
        made += 1
    for uuid in [*receipts.values_list("uuid", flat=True)]:
        keep_counter_receipt(operation=uuid, now=now)
        made += 1
    return made

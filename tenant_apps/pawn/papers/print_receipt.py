"""Print the receipt of the objects: one is handed over, what is printed after it is marked (CMF D514-10, D514-11)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tenant_apps.pawn.domain.possible import WhyNot
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.papers.contract_pdf import pawn_receipt_pdf
from tenant_apps.pawn.papers.contract_words import contract_words
from tenant_apps.pawn.papers.duplicate import marked
from tenant_apps.pawn.services.doing import locked_contract, write_event
from tenant_apps.pawn.services.errors import NotPossibleError

PRINTED, AGAIN = "pawn.receipt_printed", "pawn.receipt_duplicated"
"""What the journal calls each."""


@transaction.atomic
def print_receipt(*, contract: Contract, by: UUID, now: datetime) -> bytes:
    """A PDF. Raises NotPossibleError of a mirrored contract."""
    locked = locked_contract(contract=contract)
    if locked.mirrored:
        raise NotPossibleError(WhyNot.MIRRORED)
    first = locked.receipt_printed_at
    if first is None:
        locked.receipt_printed_at = now
        locked.save(update_fields=["receipt_printed_at"])
    write_event(kind=AGAIN if first else PRINTED, contract=locked, now=now, by=str(by))
    again = marked(now=now, first=first) if first else ""
    return pawn_receipt_pdf(contract_words(contract=locked), again=again)

"""The confirmation of a prolongation that cost nothing and has no receipt: kept among the client's documents."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import override

from guichet.kernel.money import ZERO
from guichet.web.own_address import own_address
from tenant_apps.documents.models import Document
from tenant_apps.documents.selectors import document_about
from tenant_apps.documents.store_document import store_document
from tenant_apps.pawn.domain.operations import OperationKind
from tenant_apps.pawn.models import Operation
from tenant_apps.pawn.papers.prolonged_pdf import prolonged_pdf
from tenant_apps.pawn.papers.prolonged_words import prolonged_words
from tenant_apps.pawn.services.doing import locked_contract

PROLONGED = "pawn_prolonged"
"""The kind of document."""
PDF = "application/pdf"
FOR_NOTHING = Q(kind=OperationKind.PROLONGED, amount=ZERO)


def is_confirmed(*, operation: Operation) -> bool:
    """Whether it has such a paper, made or to be made."""
    return operation.kind == OperationKind.PROLONGED and not operation.amount


@transaction.atomic
def keep_prolonged(*, operation: UUID, now: datetime) -> Document | None:
    """None of any other act. Of two at once, the second finds the first one's. Nobody is told here: the act does."""
    found = Operation.objects.filter(FOR_NOTHING, uuid=operation).select_related("contract__client").first()
    if found is None:
        return None
    locked_contract(contract=found.contract)
    if kept := document_about(kind=PROLONGED, about=found.uuid):
        return kept
    document, client = uuid4(), found.contract.client
    with override(client.language):
        link = own_address(reverse("document", args=[document]))
        content = prolonged_pdf(prolonged_words(operation=found, link=link))
    return store_document(
        uuid=document,
        client=client,
        kind=PROLONGED,
        name=found.contract.number,
        about=found.uuid,
        media_type=PDF,
        content=content,
        now=now,
    )

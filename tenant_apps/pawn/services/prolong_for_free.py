"""A later term where the tariff asks for nothing: no card, and all that holds for any prolongation (CMF D514-7)."""

import logging
import uuid
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from guichet.kernel.money import ZERO
from tenant_apps.documents.models import Document
from tenant_apps.pawn.domain.operations import BY_CLIENT
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.papers.keep_prolonged import keep_prolonged
from tenant_apps.pawn.services.doing import Done
from tenant_apps.pawn.services.prolong_contract import prolong_contract
from tenant_apps.pawn.tell_prolonged import tell_of_prolongation

log = logging.getLogger(__name__)


class TermChangedError(ValueError):
    """It would not be prolonged until the day that the client was shown: it was prolonged meanwhile."""


@transaction.atomic
def prolong_for_free(
    *, contract: Contract, months: int, until: date, form: UUID, on: date, now: datetime
) -> Done:
    """`until`: the term that the client was shown; `form`: minted by the page, and acts once. The client is told once.

    Raises NotPossibleError, of what costs something that day too, TermChangedError and OperationReusedError.
    """
    done = prolong_contract(
        contract=contract,
        months=months,
        paid=ZERO,
        # Of this contract: a number that was seen elsewhere is another one here.
        operation=uuid.uuid5(form, str(contract.uuid)),
        origin=BY_CLIENT,
        on=on,
        now=now,
    )
    if done.operation.term_after != until:
        raise TermChangedError
    if not done.replayed:
        document = _confirmation(operation=done.operation.uuid, now=now)
        tell_of_prolongation(contract=done.contract, document=document, now=now)
    return done


def _confirmation(*, operation: UUID, now: datetime) -> Document | None:
    """The act is done and told though its paper cannot be kept now."""
    try:
        return keep_prolonged(operation=operation, now=now)
    except OSError:
        log.exception("the confirmation of a prolongation could not be kept")
        return None

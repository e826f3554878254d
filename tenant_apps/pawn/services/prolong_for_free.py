"""A later term where the tariff asks for nothing: no card, and all that holds for any prolongation (CMF D514-7)."""

import uuid
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from guichet.kernel.money import ZERO
from tenant_apps.pawn.domain.operations import BY_CLIENT
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.services.doing import Done
from tenant_apps.pawn.services.prolong_contract import prolong_contract
from tenant_apps.pawn.tell_prolonged import tell_of_prolongation


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
        tell_of_prolongation(contract=done.contract, now=now)
    return done

"""Hand over the objects of a redeemed contract, to somebody who showed who they are."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from guichet.tenancy.signing import keyring
from tenant_apps.pawn.card_payments import card_payments_of
from tenant_apps.pawn.domain.operations import OperationKind, Origin
from tenant_apps.pawn.domain.possible import Act, WhyNot
from tenant_apps.pawn.models import Contract, Handover
from tenant_apps.pawn.services.doing import Asked, Done, done_before, locked_contract, write_operation
from tenant_apps.pawn.services.errors import NotPossibleError
from tenant_apps.pawn.services.quote import refuse_unless_possible
from tenant_apps.payments.selectors import Disputed, disputed_among

PURPOSE = "pawn-handover"


@transaction.atomic
def fetch_object(
    *,
    contract: Contract,
    name: str,
    document: str,
    operation: UUID,
    origin: Origin,
    on: date,
    now: datetime,
    agreed: bool = False,
) -> Done:
    """`name`: of who came; `document`: the kind of what they showed. `agreed`: the accountants are, although the bank
    of whoever paid takes a payment back. Raises NotPossibleError, OperationReusedError.
    """
    asked = Asked(
        kind=OperationKind.HANDED_OVER,
        operation=operation,
        content=(name, document),
        origin=origin,
        on=on,
        now=now,
    )
    locked = locked_contract(contract=contract)
    if found := done_before(contract=locked, asked=asked):
        return found
    refuse_unless_possible(contract=locked, act=Act.FETCH, on=on)
    disputed = disputes_of_contract(contract=locked)
    if disputed and not agreed:
        raise NotPossibleError(WhyNot.DISPUTED)
    details: dict[str, Any] = {"accountants": "agreed"} if disputed else {}
    done = write_operation(contract=locked, asked=asked, document=document, **details)
    Handover.objects.create(
        contract=locked,
        operation=done,
        who_sealed=keyring().seal(json.dumps({"name": name, "document": document}), purpose=PURPOSE),
    )
    return Done(contract=locked, operation=done)


def disputes_of_contract(*, contract: Contract) -> list[Disputed]:
    """Of its payments by card, those that the caisse has lost, or may lose. Two queries at most."""
    return disputed_among(uuids=card_payments_of(contract=contract))


def who_fetched(*, handover: Handover) -> tuple[str, str]:
    """The name, and the kind of document."""
    said = json.loads(keyring().open(bytes(handover.who_sealed), purpose=PURPOSE))
    return said["name"], said["document"]

"""What an appointment to take an object back may be about: the contracts that still run."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenant_apps.agencies.models import Kind
from tenant_apps.agencies.subjects import Choice, Subject, register_subject
from tenant_apps.clients.models import Client
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.presentation import shown
from tenant_apps.pawn.products import PRODUCT
from tenant_apps.pawn.selectors import contracts_of, contracts_of_uuids


def register() -> None:
    register_subject(
        kind=Kind.REDEEM,
        subject=Subject(
            product=PRODUCT,
            question=_("Pour quel contrat ?"),
            offered=offered,
            for_client=for_client,
            for_desk=for_desk,
        ),
    )


def offered(client: Client) -> list[Choice]:
    """What is due soonest first, as on the list of contracts. Two queries."""
    today = timezone.localdate()
    running = [each for each in contracts_of(client=client) if not shown(contract=each, today=today).ended]
    return [Choice(each.uuid, _label(each)) for each in running]


def for_client(client: Client, uuids: Collection[UUID]) -> Mapping[UUID, str]:
    """Their own contracts, whatever became of them since. Two queries."""
    return {each.uuid: _label(each) for each in contracts_of(client=client) if each.uuid in uuids}


def for_desk(uuids: Collection[UUID]) -> Mapping[UUID, str]:
    """Two queries."""
    return {each.uuid: _label(each) for each in contracts_of_uuids(uuids=uuids)}


def _label(contract: Contract) -> str:
    title = shown(contract=contract, today=timezone.localdate()).title
    return gettext("Contrat n° %(number)s : %(title)s") % {"number": contract.number, "title": title}

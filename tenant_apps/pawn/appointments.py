"""What an appointment to take an object back, or to have it appraised again, may be about."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenant_apps.agencies.models import Kind
from tenant_apps.agencies.subjects import Called, Choice, Subject, register_subject
from tenant_apps.clients.models import Client
from tenant_apps.pawn.domain.states import ENDED
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.presentation import shown
from tenant_apps.pawn.products import PRODUCT
from tenant_apps.pawn.selectors import contracts_of, contracts_of_uuids


def register() -> None:
    for kind, offered in ((Kind.REDEEM, to_fetch), (Kind.APPRAISAL, to_appraise)):
        register_subject(
            kind=kind,
            subject=Subject(
                product=PRODUCT,
                question=_("Pour quel contrat ?"),
                offered=offered,
                for_client=for_client,
                for_desk=for_desk,
            ),
        )


def to_fetch(client: Client) -> list[Choice]:
    """What is paid and waits for its owner first, then what still runs, due soonest first. Five queries."""
    found = contracts_of(client=client)
    waiting = [each for each in found if is_to_fetch(contract=each)]
    return [Choice(each.uuid, _label(each)) for each in (*waiting, *_running(found))]


def to_appraise(client: Client) -> list[Choice]:
    """What still runs: a renewal wants a new appraisal (CMF D514-7). Five queries."""
    return [Choice(each.uuid, _label(each)) for each in _running(contracts_of(client=client))]


def is_to_fetch(*, contract: Contract) -> bool:
    """A mirrored one that was redeemed may have been fetched: its own system knows."""
    redeemed = not contract.mirrored and contract.state == Contract.State.REDEEMED
    return redeemed and getattr(contract, "handover", None) is None


def _running(contracts: Iterable[Contract]) -> list[Contract]:
    return [each for each in contracts if each.state not in ENDED]


def for_client(client: Client, uuids: Collection[UUID]) -> Mapping[UUID, str]:
    """Their own contracts, whatever became of them since. Five queries."""
    return {each.uuid: _label(each) for each in contracts_of(client=client) if each.uuid in uuids}


def for_desk(uuids: Collection[UUID]) -> Mapping[UUID, str]:
    """Two queries."""
    return {each.uuid: _label(each) for each in contracts_of_uuids(uuids=uuids)}


def _label(contract: Contract) -> Called:
    said = shown(contract=contract, today=timezone.localdate())
    words = gettext("Contrat n° %(number)s : %(title)s") % {"number": contract.number, "title": said.title}
    return Called(words, french=said.described)

"""What a client was offered to sign, as digests: whether the contract to open is still the one on that paper."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from enum import StrEnum

from tenant_apps.clients.models import Client
from tenant_apps.pawn.papers.contract_words import words_to_sign
from tenant_apps.pawn.services.open_contract import Offer, Pledge


class Part(StrEnum):
    """What a paper is compared by, in the order in which a change is told."""

    DAY = "day"
    TARIFF = "tariff"
    LENT = "lent"
    TERM = "term"
    COST = "cost"
    OBJECTS = "objects"
    KEPT_AT = "kept_at"
    CLIENT = "client"
    CONDITIONS = "conditions"


Offered = Mapping[str, str]


class OfferChangedError(ValueError):
    """The contract would not be the one that was offered. Nothing is written."""


def offered(*, client: Client, pledges: Sequence[Pledge], offer: Offer, kept_at: str) -> Offered:
    """A digest by part, so that nothing of it can be read on the way."""
    found, words = (
        offer.simulation,
        words_to_sign(client=client, pledges=pledges, offer=offer, kept_at=kept_at),
    )
    # How each is found names the days, which are told apart.
    sums = [(label, amount) for label, _how, amount in words.costs]
    said: dict[Part, object] = {
        Part.DAY: found.loan.start,
        Part.TARIFF: (offer.tariff.number, words.rates),
        Part.LENT: found.loan.lent,
        Part.TERM: (found.months, found.loan.term),
        Part.COST: (found.handed_over, found.cost, found.taeg, sums, words.total),
        Part.OBJECTS: words.objects,
        Part.KEPT_AT: kept_at,
        Part.CLIENT: (client.uuid, words.borrower),
        Part.CONDITIONS: (words.sender, words.terms, words.signed),
    }
    return {part: _digest(value) for part, value in said.items()}


def changes(*, before: Offered, now: Offered) -> list[Part]:
    return [part for part in Part if before.get(part) != now[part]]


def refuse_another(
    *, before: Offered, client: Client, pledges: Sequence[Pledge], kept_at: str, offer: Offer
) -> None:
    """Under the lock of the opening. Raises OfferChangedError."""
    # The name may have been corrected since the page of this client was asked for.
    client = Client.objects.get(pk=client.pk)
    if changes(before=before, now=offered(client=client, pledges=pledges, offer=offer, kept_at=kept_at)):
        raise OfferChangedError


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, default=str).encode()).hexdigest()[:16]

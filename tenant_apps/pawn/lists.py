"""The contracts of a caisse, as its counter goes through them: by what they wait for, and by their number."""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum
from functools import reduce
from operator import and_
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.expressions import OrderBy

from guichet.kernel.numbers import bare
from tenant_apps.clients.models import BARE_NUMBER
from tenant_apps.pawn.domain.standing import SOON
from tenant_apps.pawn.domain.states import BY_DATE, State
from tenant_apps.pawn.models import Block, Contract, PledgedObject
from tenant_apps.pawn.selectors import BLOCKS, TELLING_DEBT
from tenants.policy.current import current_policy


class Waiting(StrEnum):
    """What a contract waits for."""

    DUE_SOON = "due_soon"
    DUE = "due"
    IN_GRACE = "in_grace"
    FOR_SALE = "for_sale"
    TO_HAND_OVER = "to_hand_over"
    BONI = "boni"
    BLOCKED = "blocked"
    UNREACHED = "unreached"
    """Its client is to be told of the term or of a sale, and has nothing by which the caisse tells."""


def waiting_page(
    *, waiting: Waiting, on: date, due_for: timedelta, number: str, size: int
) -> "Page[Contract]":
    """What is most pressing first, with its client, its objects and what blocks it; of bonis also what tells the
    postage that they pay. Six queries at most, however many.
    """
    found = _listed(Contract.objects.filter(_wanted(waiting, on, due_for)))
    if waiting is Waiting.BONI:
        found = found.select_related("tariff").prefetch_related(*TELLING_DEBT)
    return Paginator(found.order_by(_first(waiting), "id"), size).get_page(number)


def _wanted(waiting: Waiting, on: date, due_for: timedelta) -> Q:
    """By the day, where the calendar decides: the night may not have come by yet. A mirrored one is as it was said."""
    grace_after = on - due_for
    by_date = {
        Waiting.DUE_SOON: (Q(due_on__gte=on, due_on__lte=on + SOON), ()),
        Waiting.DUE: (Q(due_on__lt=on, due_on__gte=grace_after), (State.DUE,)),
        Waiting.IN_GRACE: (Q(due_on__lt=grace_after), (State.IN_GRACE,)),
    }
    if waiting in by_date:
        days, said = by_date[waiting]
        ours = Q(tariff__isnull=False, state__in=BY_DATE) & days
        mirrored = Q(state__in=said) if said else Q(state=State.RUNNING) & days
        return ours | Q(tariff__isnull=True) & mirrored
    return {
        Waiting.FOR_SALE: Q(state=State.FOR_SALE),
        Waiting.TO_HAND_OVER: Q(state=State.REDEEMED, tariff__isnull=False, handover__isnull=True),
        Waiting.BONI: Q(state=State.BONI_AVAILABLE),
        Waiting.UNREACHED: _unreached(on),
        Waiting.BLOCKED: Q(Exists(Block.objects.filter(contract=OuterRef("pk"), until__isnull=True))),
    }[waiting]


def _unreached(on: date) -> Q:
    """Of ours, from the first reminder on."""
    pawn = current_policy().pawn
    soonest = on + max(pawn.remind_before, default=timedelta())
    told = Q(state__in=BY_DATE, due_on__lte=soonest) | Q(state=State.FOR_SALE, sale_on__gt=on)
    without = {
        "mail": Q(client__email=""),
        "sms": Q(client__mobile=""),
        "letter": Q(client__postal_lines="", client__postcode="", client__town="", client__country=""),
    }
    return reduce(and_, (without[each] for each in pawn.remind_by), told & Q(tariff__isnull=False))


def _first(waiting: Waiting) -> OrderBy:
    columns = {Waiting.FOR_SALE: "sale_on", Waiting.BONI: "sale__lapses_on"}
    return F(columns.get(waiting, "due_on")).asc(nulls_last=True)


def contracts_numbered(*, typed: str, limit: int) -> list[Contract]:
    """By the number as it is printed, or without its dashes and spaces. One query, and none for nothing."""
    number = bare(typed)
    if not number:
        return []
    found = Contract.objects.annotate(bare_number=BARE_NUMBER).filter(bare_number=Value(number))
    return sorted(found[:limit], key=lambda contract: contract.number)


def contracts_found(*, uuids: Collection[UUID]) -> list[Contract]:
    """With their clients, their objects and what blocks them. Three queries, and none for nothing."""
    if not uuids:
        return []
    return list(_listed(Contract.objects.filter(uuid__in=uuids)).order_by("number"))


def _listed(contracts: QuerySet[Contract]) -> QuerySet[Contract]:
    objects = PledgedObject.objects.order_by("position", "id")
    return (
        contracts.select_related("client", "sale", "handover")
        .defer("tariff__document")
        .prefetch_related(Prefetch("objects_pledged", queryset=objects), BLOCKS)
    )

"""The only doors to contracts. Those of a client are asked for with the client; the agency sees all of its caisse."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from guichet.kernel.money import Money
from guichet.kernel.numbers import bare
from tenant_apps.clients.models import Client
from tenant_apps.pawn.domain.operations import AT_AUCTION, PAID_OUT, OperationKind, Source
from tenant_apps.pawn.domain.possible import BlockKind
from tenant_apps.pawn.domain.reminders import Told
from tenant_apps.pawn.domain.states import BY_DATE, ENDED, State
from tenant_apps.pawn.loans import OF_THE_LOAN, TELLS_DEBT
from tenant_apps.pawn.models import (
    ActCharged,
    Block,
    Contract,
    Handover,
    Notice,
    Operation,
    OperationLine,
    PledgedObject,
)

_OBJECTS = Prefetch("objects_pledged", queryset=PledgedObject.objects.order_by("position", "id"))
CONTRACT_COLUMNS = (
    "pk",
    "uuid",
    "state",
    "due_on",
    "sale_on",
    "extra_until",
    "amount_lent",
    "opened_on",
    "first_term",
    "tariff__uuid",
    "amount_due",
    "amount_due_as_of",
    "number",
    "blocked",
    "claimed",
    "fetched",
)
EVENT_COLUMNS = ("contract_id", "pk", "on", "capital", "term_after")
CHARGE_COLUMNS = ("contract_id", "operation_id", "on", "act", "extra")
TELLING_DEBT = (
    Prefetch("operations", queryset=Operation.objects.filter(kind__in=TELLS_DEBT).order_by("id")),
    Prefetch("charges", queryset=ActCharged.objects.order_by("id")),
)
BLOCKS = Prefetch("blocks", queryset=Block.objects.filter(until__isnull=True).order_by("id"))


class NoSuchContractError(LookupError):
    """There is none of that id, or it is not this client's: the same answer for both."""


def contracts_of(*, client: Client) -> list[Contract]:
    """With what tells their debts, what is due soonest first, those that ended last. Five queries, however many."""
    found = list(_with_all(Contract.objects.filter(client=client)).order_by("due_on", "id"))
    return [each for each in found if each.state not in ENDED] + [
        each for each in found if each.state in ENDED
    ]


def contract_rows(*, client: Client) -> list[tuple[Any, ...]]:
    """By `CONTRACT_COLUMNS`, by their terms: columns alone, since a model a row costs more than its sum."""
    found = Contract.objects.filter(client=client).order_by("due_on", "id")
    found = found.annotate(
        blocked=Exists(Block.objects.filter(contract=OuterRef("pk"), until__isnull=True)),
        claimed=Exists(
            Block.objects.filter(
                contract=OuterRef("pk"), until__isnull=True, kind=BlockKind.CLAIMED_BY_OTHER.value
            )
        ),
        fetched=Exists(Handover.objects.filter(contract=OuterRef("pk"))),
    )
    return list(found.values_list(*CONTRACT_COLUMNS))


def event_rows(*, client: Client) -> list[tuple[Any, ...]]:
    """By `EVENT_COLUMNS`, oldest first: what changed what is owed on contracts that have not ended."""
    found = Operation.objects.filter(
        kind__in=OF_THE_LOAN, contract__client=client, taken_back_by__isnull=True
    )
    found = found.exclude(contract__state__in=ENDED).order_by("id")
    return list(found.values_list(*EVENT_COLUMNS))


def charge_rows(*, client: Client) -> list[tuple[Any, ...]]:
    """By `CHARGE_COLUMNS`, oldest first."""
    found = ActCharged.objects.filter(contract__client=client).exclude(contract__state__in=ENDED)
    return list(found.order_by("id").values_list(*CHARGE_COLUMNS))


def contracts_by_key(*, keys: Collection[int]) -> dict[int, Contract]:
    """With their objects, what blocks them and who fetched. Three queries."""
    found = _with_objects(Contract.objects.filter(pk__in=keys)).select_related("handover")
    return {each.pk: each for each in found.prefetch_related(BLOCKS)}


def payable_page(*, client: Client, number: str, size: int) -> "Page[Contract]":
    """Those of ours that still run, what is due soonest first, with all. Six queries."""
    found = Contract.objects.filter(client=client, tariff__isnull=False).exclude(state__in=ENDED)
    return Paginator(_with_all(found).order_by("due_on", "id"), size).get_page(number)


def count_contracts(*, states: Collection[State]) -> int:
    """Of the caisse, in states that have not ended: an index holds those alone. By the calendar of the last night."""
    return Contract.objects.filter(state__in=[each.value for each in states]).count()


def paid_elsewhere(*, client: Client) -> list[str]:
    """The numbers of what still runs in the caisse's own system, which alone takes its payments."""
    found = Contract.objects.filter(client=client, tariff__isnull=True).exclude(state__in=ENDED)
    return list(found.order_by("due_on", "id").values_list("number", flat=True))


def numbers_of_contracts(*, uuids: Collection[UUID]) -> dict[UUID, str]:
    """Of those that are there."""
    return dict(Contract.objects.filter(uuid__in=uuids).values_list("uuid", "number"))


def contracts_to_tell(*, due_until: date, after: int, limit: int) -> list[Contract]:
    """Of ours, by their key: what falls due by then, is for sale, or was sold; with what tells whether it was said."""
    by_date = Q(state__in=BY_DATE, due_on__lte=due_until)
    ended = Q(state__in=(State.FOR_SALE, State.SOLD, State.BONI_AVAILABLE))
    found = Contract.objects.filter(by_date | ended, tariff__isnull=False, pk__gt=after)
    return list(
        found.select_related("client", "sale__operation")
        .prefetch_related(*TELLING_DEBT, "notices")
        .order_by("pk")[:limit]
    )


def is_told(*, contract: Contract, told: Told) -> bool:
    """By whatever channel."""
    return any(each.kind == told.kind and each.about == told.about for each in contract.notices.all())


def contract_of(*, client: Client, uuid: UUID) -> Contract:
    """Raises NoSuchContractError."""
    return _only(Contract.objects.filter(client=client, uuid=uuid))


def contract_of_client_id(*, client_id: int, uuid: UUID) -> Contract:
    """Raises NoSuchContractError."""
    return _only(Contract.objects.filter(client_id=client_id, uuid=uuid))


def contract_of_caisse(*, uuid: UUID) -> Contract:
    """Whoever's: for the agency. Raises NoSuchContractError."""
    return _only(Contract.objects.filter(uuid=uuid))


def contracts_of_uuids(*, uuids: Collection[UUID]) -> list[Contract]:
    """Whosever they are, with their objects: for the counter. Two queries."""
    return list(Contract.objects.filter(uuid__in=uuids).prefetch_related(_OBJECTS))


def has_contract(*, client: Client, number: str) -> bool:
    """Whether one of this client's contracts has that number, with or without its dashes and spaces, in either case."""
    numbers = Contract.objects.filter(client=client).values_list("number", flat=True)
    return bool(bare(number)) and bare(number) in map(bare, numbers)


def photo_of(*, client: Client, uuid: UUID) -> PledgedObject:
    """An object of theirs that has a photo. Raises NoSuchContractError."""
    return _object(PledgedObject.objects.filter(contract__client=client, uuid=uuid).exclude(photo=""))


def photo_of_caisse(*, uuid: UUID) -> PledgedObject:
    """Whoever's, where it has a photo: for the agency. Raises NoSuchContractError."""
    return _object(PledgedObject.objects.filter(uuid=uuid).exclude(photo=""))


def object_of_caisse(*, uuid: UUID) -> PledgedObject:
    """Whoever's, with its contract: for the agency. Raises NoSuchContractError."""
    return _object(PledgedObject.objects.filter(uuid=uuid).select_related("contract__client"))


def history_of(*, contract: Contract) -> list[Operation]:
    """What was done, the latest first, with the parts of its money and what it takes back. Two queries."""
    lines = Prefetch("lines", queryset=OperationLine.objects.order_by("position"))
    found = Operation.objects.filter(contract=contract).select_related("takes_back")
    return list(found.prefetch_related(lines).order_by("-id"))


def boni_payment(*, contract: Contract) -> Operation | None:
    """What was paid to its client after a sale. One query."""
    return Operation.objects.filter(contract=contract, kind=OperationKind.BONI_PAID).first()


def notices_of(*, contract: Contract) -> list[Notice]:
    """What its client was told, the latest first."""
    return list(Notice.objects.filter(contract=contract).order_by("-id"))


def operations_between(*, since: datetime, until: datetime, piece: int) -> Iterator[list[Operation]]:
    """What moved money in that time, in its order, `piece` at a time; with contract, client and parts."""
    lines = Prefetch("lines", queryset=OperationLine.objects.order_by("position"))
    found = (
        Operation.objects.filter(at__gte=since, at__lt=until, lines__isnull=False)
        .distinct()
        .select_related("contract__client", "takes_back")
        .prefetch_related(lines)
        .order_by("id")
    )
    last = 0
    while page := list(found.filter(id__gt=last)[:piece]):
        yield page
        last = page[-1].pk


@dataclass(frozen=True, slots=True)
class Moved:
    """Money that somebody took, or paid `out`, at the counter; below nothing, what was taken and went back. `means`:
    empty where it was not noted.
    """

    by: UUID
    means: str
    out: bool
    amount: Money


def moved_at_counter(*, since: datetime, until: datetime) -> list[Moved]:
    """One query, which the database sums: a row for each person, means and kind of act. What was taken back left the
    till of whoever took it back; what a bank has back was never in it.
    """
    moved = Operation.objects.filter(at__gte=since, at__lt=until, source=Source.COUNTER).exclude(amount=0)
    found = (
        moved.exclude(kind__in=AT_AUCTION)
        .exclude(takes_back__payment__isnull=False)
        .values_list("by", "means", "kind")
        .annotate(sum=Sum("amount"))
        .order_by()
    )
    return [Moved(by, means, kind in PAID_OUT, amount) for by, means, kind, amount in found]


def operation_done(*, uuid: UUID) -> Operation | None:
    """By the number of the form that asked for it."""
    return Operation.objects.select_related("contract").filter(uuid=uuid).first()


def _only(contracts: QuerySet[Contract]) -> Contract:
    found = _with_all(contracts).first()
    if found is None:
        raise NoSuchContractError
    return found


def _object(objects: QuerySet[PledgedObject]) -> PledgedObject:
    found = objects.first()
    if found is None:
        raise NoSuchContractError
    return found


def _with_objects(contracts: QuerySet[Contract]) -> QuerySet[Contract]:
    objects = PledgedObject.objects.order_by("position", "id")
    return contracts.prefetch_related(Prefetch("objects_pledged", queryset=objects))


def _with_all(contracts: QuerySet[Contract]) -> QuerySet[Contract]:
    """Objects, what of the history makes the debt, blocks; the tariff without its document, which is kept computed."""
    return (
        _with_objects(contracts)
        .select_related("client", "tariff", "sale", "handover")
        .defer("tariff__document")
        .prefetch_related(
            *TELLING_DEBT,
            BLOCKS,
        )
    )

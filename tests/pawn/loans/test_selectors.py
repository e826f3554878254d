"""The list of a client asks as much of the database whether it is short or long."""

import uuid
from datetime import date, timedelta
from uuid import UUID

from django.test.utils import CaptureQueriesContext

from guichet.kernel.money import Money, total
from guichet.tenancy.connection import connection
from tenant_apps.clients.models import Client
from tenant_apps.pawn.domain.possible import BlockKind
from tenant_apps.pawn.holdings import holdings_of, views_of
from tenant_apps.pawn.loans import sum_due
from tenant_apps.pawn.models import Contract, Operation, OperationLine, PledgedObject
from tenant_apps.pawn.selectors import contracts_of, history_of
from tenant_apps.pawn.services.block_contract import block_contract
from tests.pawn.loans.lending import TERM, announce, lend, pay_down, prolong, redeem
from tests.pawn.loans.lending import asked as asked_on

DAY = TERM + timedelta(days=3)


def asked() -> tuple[int, int, Money]:
    """How many queries the list and what is due cost; how many contracts; what is due."""
    client = Client.objects.get(number="C-1")
    with CaptureQueriesContext(connection) as queries:
        found = contracts_of(client=client)
        due = total(sum_due(contract=each, on=DAY) for each in found)
        for each in found:
            assert list(each.objects_pledged.all())
    return len(queries), len(found), due


def copies(contract: Contract, count: int) -> None:
    """So many more of that loan, each with its object and its history."""
    rows = []
    for rank in range(count):
        again = Contract.objects.get(pk=contract.pk)
        again.pk, again.uuid, again.number = None, uuid.uuid4(), f"X-{rank}"
        rows.append(again)
    made = Contract.objects.bulk_create(rows)
    thing, done = contract.objects_pledged.get(), list(contract.operations.order_by("id"))
    objects = []
    for each in made:
        copied = PledgedObject.objects.get(pk=thing.pk)
        copied.pk, copied.uuid, copied.contract = None, uuid.uuid4(), each
        objects.append(copied)
    PledgedObject.objects.bulk_create(objects)
    for operation in done:
        lines = list(operation.lines.all())
        written = Operation.objects.bulk_create(_again(operation, each) for each in made)
        OperationLine.objects.bulk_create(
            OperationLine(operation=each, position=line.position, part=line.part, amount=line.amount)
            for each in written
            for line in lines
        )


def _again(operation: Operation, contract: Contract) -> Operation:
    return Operation(
        uuid=uuid.uuid4(),
        fingerprint="x",
        contract=contract,
        **{
            name: getattr(operation, name)
            for name in ("kind", "on", "at", "source", "by", "amount", "capital", "term_before", "term_after")
        },
    )


def test_one_and_a_thousand_contracts_cost_the_same_number_of_queries(contract: Contract) -> None:
    pay_down(contract, date(2026, 3, 1), "300.00")
    prolong(contract, TERM)
    asked()
    queries, count, due = asked()
    contract.refresh_from_db()
    mirrored = Money.of("1059.20")
    copies(contract, 1000)
    many = asked()
    assert many == (queries, count + 1000, (due - mirrored) * 1001 + mirrored)
    assert queries <= 5


def listed(*, on: date = DAY) -> tuple[int, dict[UUID, Money]]:
    """How many queries the page's list costs; what is due on each."""
    client = Client.objects.get(number="C-1")
    with CaptureQueriesContext(connection) as queries:
        found = holdings_of(client=client, today=on)
        views_of(holdings=found[:20], today=on)
    return len(queries), {each.uuid: each.due for each in found}


def test_the_list_of_a_thousand_costs_the_queries_of_one(contract: Contract) -> None:
    pay_down(contract, date(2026, 3, 1), "300.00")
    listed()
    queries, few = listed()
    copies(contract, 1000)
    many, all_ = listed()
    assert many == queries == 6
    assert len(all_) == len(few) + 1000


def test_what_is_due_in_the_list_is_what_each_contract_says_of_itself(contract: Contract) -> None:
    """Paid in part, prolonged, charged, announced, redeemed, mirrored: to the cent."""
    pay_down(contract, date(2026, 3, 1), "300.00")
    prolong(contract, TERM)
    lost, late = lend(700), TERM + timedelta(days=100)
    block_contract(contract=lost, kind=BlockKind.LOST_RECEIPT, reason="declared", **asked_on(TERM))
    announce(lend(800), late, late + timedelta(days=30))
    redeem(lend(900), TERM)
    lend(250)
    for on in (late, late + timedelta(days=1), late + timedelta(days=400)):
        said = {each.uuid: sum_due(contract=each, on=on) for each in Contract.objects.all()}
        assert listed(on=on)[1] == said
    assert Contract.objects.count() == 6


def test_what_has_ended_is_listed_last_and_each_part_by_its_term(contract: Contract) -> None:
    ended, later = lend(900, on=date(2026, 1, 2)), lend(250, on=date(2026, 2, 1))
    redeem(ended, TERM)
    found = holdings_of(client=Client.objects.get(number="C-1"), today=DAY)
    ours = [each.uuid for each in found if each.as_of is None]
    assert ours == [contract.uuid, later.uuid, ended.uuid]


def test_the_history_of_a_contract_is_told_from_its_end_in_two_queries(contract: Contract) -> None:
    pay_down(contract, date(2026, 3, 1), "300.00")
    with CaptureQueriesContext(connection) as queries:
        found = [(each.kind, len(each.lines.all())) for each in history_of(contract=contract)]
    assert (found, len(queries)) == ([("paid_down", 3), ("opened", 1)], 2)


def test_what_is_due_is_computed_for_ours_and_repeated_for_the_mirrored(contract: Contract) -> None:
    lend(500)
    due = {
        each.amount_lent: sum_due(contract=each, on=TERM)
        for each in Contract.objects.filter(tariff__isnull=False)
    }
    assert due == {Money.of(1000): Money.of("1059.20"), Money.of(500): Money.of("529.60")}
    assert sum_due(contract=Contract.objects.get(tariff=None), on=TERM) == Money.of("1059.20")

"""The list of a client asks as much of the database whether it is short or long."""

import uuid
from datetime import date, timedelta

from django.test.utils import CaptureQueriesContext

from guichet.kernel.money import Money, total
from guichet.tenancy.connection import connection
from tenant_apps.clients.models import Client
from tenant_apps.pawn.loans import sum_due
from tenant_apps.pawn.models import Contract, Operation, OperationLine, PledgedObject
from tenant_apps.pawn.selectors import contracts_of, history_of
from tests.pawn.loans.lending import TERM, lend, pay_down, prolong

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

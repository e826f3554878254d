"""What each caisse counts of its agency's day for the console: its own rows, in a bounded number of queries."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from tenant_apps.agencies.cancel_appointment import cancel_by_client
from tenant_apps.clients.models import Client
from tenant_apps.desk.figures import FIGURES, count_unknown_ceilings
from tenant_apps.pawn.domain.tariffs.usury import known_periods
from tenant_apps.payments.services.reconcile import reconcile_day
from tenants.models import Caisse
from tenants.reports.write_report import write_report
from tests.agencies.agenda import NOW, at, book, in_days, set_up
from tests.desk.test_payments import counter
from tests.pawn.pledges import pledge, without_contracts
from tests.payments.conftest import ONE, TWO
from tests.payments.counter_product import Counter
from tests.payments.paying import begun, pay
from tests.tenants.reports.test_write_report import read
from tests.world import NOON

__all__ = ["counter"]


NOTHING = dict.fromkeys((each.name for each in FIGURES), 0)


def counted(caisse: Caisse, *, days: int = 0) -> dict[str, object]:
    with tenant_context(caisse):
        return {each.name: each.of(NOON + timedelta(days=days)) for each in FIGURES}


def test_contracts_are_counted_by_where_they_stand(alpha: Caisse, beta: Caisse) -> None:
    for caisse in (alpha, beta):
        without_contracts(caisse)
    for number, state in enumerate(("running", "running", "due", "in_grace", "for_sale", "sold", "redeemed")):
        pledge(alpha, f"F-{number}", state=state)
    found = counted(alpha)
    assert [found[f"pawn_{name}"] for name in ("running", "due", "announced")] == [2, 2, 1]
    assert counted(beta) == NOTHING


def test_ceilings_that_are_missing_are_counted_before_the_quarter_begins(alpha: Caisse) -> None:
    last = known_periods()[-1].end
    assert [count_unknown_ceilings(on=last - timedelta(days=before)) for before in (14, 13, -1)] == [0, 1, 2]
    assert counted(alpha)["usury_missing"] == 0


def test_payments_are_counted_on_their_day_then_until_they_are_compared(
    alpha: Caisse, beta: Caisse, anne: Client, counter: Counter
) -> None:
    with tenant_context(alpha):
        pay(begun(anne, ONE))
        begun(anne, TWO)
    assert [counted(alpha)[f"payments_{name}"] for name in ("captured", "to_reconcile")] == [1, 0]
    tomorrow = counted(alpha, days=1)
    assert [tomorrow[f"payments_{name}"] for name in ("captured", "to_reconcile")] == [0, 1]
    # However long ago; what was compared while the day still ran is not.
    with tenant_context(alpha):
        reconcile_day(day=date(2026, 10, 21), now=NOON)
    assert counted(alpha, days=400)["payments_to_reconcile"] == 1
    with tenant_context(alpha):
        reconcile_day(day=date(2026, 10, 21), now=NOON + timedelta(days=1))
    assert counted(alpha, days=1)["payments_to_reconcile"] == 0
    assert counted(beta, days=1)["payments_to_reconcile"] == 0


def test_appointments_of_the_week_to_come_are_counted_and_those_that_are_cancelled_are_not(
    alpha: Caisse, beta: Caisse
) -> None:
    for caisse in (alpha, beta):
        set_up(caisse)
    kept = book(alpha, at(10, day=in_days(2)))
    book(alpha, at(10, day=in_days(9)))
    coming = next(each for each in FIGURES if each.name == "appointments_coming")
    with tenant_context(alpha):
        assert coming.of(NOW) == 1
        cancel_by_client(client=kept.client, uuid=kept.uuid, now=NOW)
        assert coming.of(NOW) == 0
    with tenant_context(beta):
        assert coming.of(NOW) == 0


@pytest.mark.parametrize("more", [0, 40])
def test_the_queries_are_as_many_whatever_there_is_to_count(alpha: Caisse, more: int) -> None:
    for number in range(more):
        pledge(alpha, f"F-{number}")
    with tenant_context(alpha), CaptureQueriesContext(connection) as queries:
        for each in FIGURES:
            each.of(NOON)
    # One of them turns to the caisse.
    assert len(queries) == 7


def test_the_report_has_numbers_alone_and_the_database_takes_it(alpha: Caisse) -> None:
    with tenant_context(alpha):
        write_report(now=NOON)
    figures = read(alpha.schema_name).figures
    assert {each.name for each in FIGURES} <= set(figures)
    assert all(type(figures[each.name]) is int for each in FIGURES)

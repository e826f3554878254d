"""The provider's list of a day against ours: what differs has its name, and the command ends badly."""

import json
from datetime import date, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from guichet.kernel.money import Money
from guichet.tenancy.connection import connection
from tenant_apps.clients.models import Client
from tenant_apps.payments.domain.outcomes import Operation
from tenant_apps.payments.domain.reconcile import Entry, Why, differences
from tenant_apps.payments.models import DayReport, Payment
from tenant_apps.payments.providers.port import NoProviderError, NotSetUpError, ProviderError
from tenant_apps.payments.services.held import refund_held
from tenant_apps.payments.services.reconcile import LONGEST_BACK, reconcile_day, reconcile_last_days
from tenant_apps.payments.services.send_refund import send_refund
from tests.payments.bank import Bank
from tests.payments.conftest import ONE, THREE, TWO
from tests.payments.counter_product import Counter
from tests.payments.paying import SOON, begun, pay
from tests.world import NOON

DAY = date(2026, 10, 21)
FIFTEEN = Money.of(15)


@pytest.fixture(autouse=True)
def _prices(counter: Counter, bank: type[Bank]) -> None:
    counter.prices.update({ONE: FIFTEEN, TWO: Money.of(20), THREE: Money.of(30)})


def listed(payment: Payment, **more: object) -> Operation:
    """As the provider writes it."""
    words: dict[str, object] = {
        "kind": "capture",
        "reference": f"c-{payment.uuid}",
        "uuid": payment.uuid,
        "amount": payment.total,
        "at": SOON,
    }
    return Operation(**{**words, **more})  # type: ignore[arg-type]  # the test's own words


def whys() -> list[tuple[str, str]]:
    report = reconcile_day(day=DAY, now=NOON + timedelta(days=1))
    return [(each["why"], each["kind"]) for each in report.differences]


def test_two_lists_that_agree_leave_a_report_without_a_difference(client: Client) -> None:
    payment = begun(client, ONE)
    pay(payment)
    Bank.listed.append(listed(payment))
    assert whys() == []
    report = DayReport.objects.get()
    assert (report.ours_captured, report.theirs_captured, report.count) == (FIFTEEN, FIFTEEN, 1)


def test_what_one_list_lacks_is_named(client: Client) -> None:
    first, second = begun(client, ONE), begun(client, TWO)
    pay(first)
    Bank.listed += [listed(second), listed(second, reference="c-x", uuid=uuid4())]
    # Ours alone; known and not captured here; unknown here.
    assert sorted(whys()) == [
        (Why.MISSING_HERE, "capture"),
        (Why.MISSING_THERE, "capture"),
        (Why.OTHER_STATE, "capture"),
    ]


def test_another_amount_and_a_second_capture_are_named(client: Client) -> None:
    payment = begun(client, ONE)
    pay(payment)
    Bank.listed += [listed(payment, amount=Money.of(14)), listed(payment)]
    assert sorted(whys()) == [(Why.OTHER_AMOUNT, "capture"), (Why.TWICE, "capture")]


def test_refunds_are_compared_too(client: Client, counter: Counter) -> None:
    payment = begun(client, ONE)
    counter.spilt[ONE] = "redeemed"
    pay(payment)
    refund_held(payment=payment.uuid, position=0, by=uuid4(), reason="agreed", now=SOON)
    refund = payment.refunds.get()
    send_refund(uuid=refund.uuid, now=SOON)
    Bank.listed.append(listed(payment))
    assert whys() == [(Why.MISSING_THERE, "refund")]
    Bank.listed += [
        listed(payment, kind="refund", reference="r-1", uuid=refund.uuid),
        listed(payment, kind="refund", reference="r-2", uuid=None),
    ]
    assert whys() == [(Why.MISSING_HERE, "refund")]


def test_two_clocks_on_the_two_sides_of_midnight_make_no_difference(client: Client) -> None:
    payment = begun(client, ONE)
    midnight = NOON.replace(hour=22)
    pay(payment, now=midnight - timedelta(seconds=2))
    Bank.listed.append(listed(payment, at=midnight + timedelta(seconds=2)))
    assert whys() == []
    next_day = reconcile_day(day=DAY + timedelta(days=1), now=NOON)
    assert next_day.differences == []
    # What is beyond the day, and that nobody here knows, is the other day's business.
    Bank.listed.append(listed(payment, reference="c-y", uuid=uuid4(), at=midnight + timedelta(seconds=3)))
    assert whys() == []


def test_the_night_compares_the_last_days_once_and_makes_up_for_a_night_without_the_provider(
    client: Client,
) -> None:
    Bank.fails.append(ProviderError("away"))
    with pytest.raises(ProviderError):
        reconcile_last_days(now=NOON)
    assert not DayReport.objects.exists()
    for _ in range(2):
        reconcile_last_days(now=NOON)
    days = DayReport.objects.order_by("day").values_list("day", flat=True)
    assert list(days) == [DAY - timedelta(days=back) for back in (3, 2, 1)]


def test_a_day_that_was_compared_while_it_ran_is_compared_again_once_it_is_over(client: Client) -> None:
    reconcile_day(day=DAY, now=NOON)
    tomorrow = NOON + timedelta(days=1)
    for _ in range(2):
        reconcile_last_days(now=tomorrow)
    made = DayReport.objects.filter(day=DAY).order_by("id").values_list("made_at", flat=True)
    assert list(made) == [NOON, tomorrow]


def compared() -> list[date]:
    return list(DayReport.objects.order_by("day").values_list("day", flat=True))


def test_days_without_the_provider_are_made_up_for_however_many_they_were(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    pay(begun(client, ONE))
    after = NOON + timedelta(days=30)
    # Somebody has compared a day by hand meanwhile: those before it are not forgotten.
    reconcile_day(day=DAY + timedelta(days=28), now=after)
    reconcile_last_days(now=after)
    assert compared() == [DAY + timedelta(days=each) for each in range(30)]
    reconcile_last_days(now=after)
    assert DayReport.objects.count() == 30
    assert "never compared" not in caplog.text


def test_what_lies_further_back_than_a_night_goes_is_told_until_it_is_compared(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    pay(begun(client, ONE))
    after = NOON + timedelta(days=LONGEST_BACK + 5)
    reconcile_last_days(now=after)
    assert compared() == [DAY + timedelta(days=5 + each) for each in range(LONGEST_BACK)]
    assert "1 payments of before 2026-10-26 were never compared" in caplog.text
    caplog.clear()
    reconcile_day(day=DAY, now=after)
    reconcile_last_days(now=after)
    assert "never compared" not in caplog.text


def run(*words: str) -> tuple[str, str]:
    """What the command printed, and how it complained."""
    out = StringIO()
    connection.set_schema_to_public()
    try:
        call_command("payments", "reconcile", "alpha", *words, stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def test_the_command_prints_the_differences_and_ends_badly(client: Client) -> None:
    payment = begun(client, ONE)
    pay(payment)
    printed, complaint = run("--day", "2026-10-21")
    assert "absent de la liste du prestataire" in printed
    assert "1 différence" in complaint


def test_the_command_ends_well_when_the_lists_agree(client: Client) -> None:
    payment = begun(client, ONE)
    pay(payment)
    Bank.listed.append(listed(payment))
    printed, complaint = run("--day", "2026-10-21", "--json")
    assert (json.loads(printed)["ours_captured"], complaint) == ("15.00", "")


def test_the_command_writes_sums_as_a_reader_of_french_does(client: Client, counter: Counter) -> None:
    counter.prices[ONE] = Money.of("1234.50")
    pay(begun(client, ONE))
    printed, _ = run("--day", "2026-10-21")
    assert printed.startswith(
        "21\xa0octobre 2026\u202f: encaissé 1\u202f234,50\xa0€ (prestataire 0,00\xa0€), remboursé 0,00\xa0€"
    )


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (ProviderError("away"), "le prestataire ne répond pas"),
        (NoProviderError("none"), "pas dans la liste du groupement"),
        (NotSetUpError("no key"), "manage.py caisse secret set alpha payments.key"),
    ],
)
def test_the_command_says_in_french_what_is_in_the_way(
    client: Client, raised: ProviderError, said: str
) -> None:
    Bank.fails.append(raised)
    complaint = run()[1]
    assert said in complaint
    assert str(raised) not in complaint


@pytest.mark.parametrize("day", ["demain", "2026-02-30", "0001-01-01", "2999-01-01"])
def test_a_day_that_cannot_be_compared_is_refused_in_french(client: Client, day: str) -> None:
    printed, complaint = run("--day", day)
    assert printed == ""
    assert complaint.startswith("--day\u202f:")


def test_the_rule_compares_any_lists() -> None:
    one = Entry(kind="capture", key="a", amount=FIFTEEN)
    assert differences(ours=[one], theirs=[one], known_elsewhere=frozenset()) == []
    (found,) = differences(ours=[], theirs=[one], known_elsewhere=frozenset({"a"}))
    assert (found.why, found.ours, found.theirs) == (Why.OTHER_STATE, "", "15.00")

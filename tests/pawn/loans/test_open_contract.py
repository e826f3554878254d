"""Lending on objects: the law's maxima, the tariff of the day, a number, once."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.journal.models import Event
from tenant_apps.pawn.models import Contract, PledgedObject
from tenant_apps.pawn.services.errors import CannotLendError, OperationReusedError, WhyNotLent
from tenant_apps.pawn.services.open_contract import Pledge
from tenants.models import Caisse
from tests.identity.steps import publish
from tests.pawn.loans.lending import START, TERM, WATCH, apply_grid, asked, lend, parts, prolong

CHAIN = Pledge(
    category="chain",
    description="Chaîne en or",
    appraisal=Money.of(500),
    weight_grams=Decimal("10.00"),
    fineness=750,
    metal="gold",
)


def refused(**otherwise: Any) -> CannotLendError:
    with pytest.raises(CannotLendError) as caught:
        lend(**otherwise)
    assert not Contract.objects.filter(tariff__isnull=False).exists()
    return caught.value


def test_a_loan_has_its_term_its_capital_and_its_history(contract: Contract) -> None:
    assert (contract.state, contract.opened_on, contract.due_on) == ("running", START, TERM)
    assert (contract.capital, contract.appraisal) == (Money.of(1000), Money.of(3000))
    opened = contract.operations.get()
    assert (opened.kind, opened.amount, parts(opened)) == ("opened", Money.of(1000), [("lent", "1000.00")])
    event = Event.objects.get(kind="pawn.opened")
    assert event.details["contract"] == str(contract.uuid)


def test_what_is_withheld_is_not_handed_over(in_alpha: Caisse) -> None:
    apply_grid("paris")
    opened = lend(1000).operations.get()
    assert (opened.amount, parts(opened)) == (
        Money.of(998),
        [("lent", "1000.00"), ("fixed_fee", "-2.00")],
    )


@pytest.mark.parametrize(("lent", "can"), [(2000, True), (2001, False)])
def test_two_thirds_of_an_appraisal_may_be_lent_and_not_a_euro_more(
    lends: Caisse, lent: int, *, can: bool
) -> None:
    """CMF D514-8."""
    if can:
        assert lend(lent).capital == Money.of(lent)
    else:
        error = refused(lent=lent)
        assert (error.why, error.most) == (WhyNotLent.ABOVE_THE_LAW, Money.of(2000))


@pytest.mark.parametrize(
    ("on", "most"), [(START, "540.00"), (date(2026, 2, 28), "540.00"), (date(2026, 3, 1), "600.00")]
)
def test_four_fifths_of_the_weight_of_gold_at_the_price_of_the_day(
    lends: Caisse, on: date, most: str
) -> None:
    """10 g × 750 ‰ × the price of a gram, whatever the chain is appraised at (CMF D514-8)."""
    assert refused(lent=1000, objects=[CHAIN], on=on).most == Money.of(most)
    assert lend(540, objects=[CHAIN], on=on).capital == Money.of(540)


def test_two_objects_bear_the_sum_of_what_each_bears(lends: Caisse) -> None:
    assert refused(lent=2541, objects=[WATCH, CHAIN]).most == Money.of(2540)
    lend(2540, objects=[WATCH, CHAIN])


@pytest.mark.parametrize("chain", [replace(CHAIN, metal="silver"), replace(CHAIN, weight_grams=None)])
def test_a_metal_without_a_price_or_a_weight_bears_nothing(lends: Caisse, chain: Pledge) -> None:
    assert refused(lent=100, objects=[chain]).why is WhyNotLent.NO_METAL_PRICE


@pytest.mark.parametrize(
    ("asked_for", "why"),
    [
        ({"lent": 19}, WhyNotLent.AMOUNT_NOT_OFFERED),
        ({"months": 7}, WhyNotLent.MONTHS_NOT_OFFERED),
        ({"objects": []}, WhyNotLent.NO_OBJECT),
        ({"on": date(2025, 6, 30)}, WhyNotLent.NO_TARIFF),
    ],
)
def test_what_the_caisse_does_not_offer_is_refused(
    lends: Caisse, asked_for: dict[str, Any], why: WhyNotLent
) -> None:
    assert refused(**asked_for).why is why


def test_numbers_follow_one_another_as_the_caisse_writes_them_and_leave_out_those_taken(
    alpha: Caisse,
) -> None:
    publish(alpha, {"pawn": {"number_format": "PG{yyyy}/{n}", "number_digits": 3}})
    with tenant_context(alpha):
        apply_grid()
        _numbers()


def _numbers() -> None:
    assert [lend().number for _ in range(2)] == ["PG2026/001", "PG2026/002"]
    Contract.objects.filter(number="alpha-1").update(number="PG2026/003")
    assert lend().number == "PG2026/004"
    assert lend(on=date(2027, 1, 4)).number == "PG2027/001"


def test_the_same_form_twice_opens_one_contract_and_another_content_is_refused(lends: Caisse) -> None:
    form = uuid.uuid4()
    first, again = lend(operation=form), lend(operation=form, on=START + timedelta(days=1))
    assert first == again
    assert Contract.objects.filter(tariff__isnull=False).count() == 1
    with pytest.raises(OperationReusedError):
        lend(1001, operation=form)


def test_a_picture_is_kept_under_a_name_that_says_nothing(lends: Caisse) -> None:
    with_picture = replace(WATCH, photo=b"a picture", photo_suffix=".png")
    kept = lend(objects=[with_picture]).objects_pledged.get()
    assert str(kept.photo.name).endswith(f"{kept.uuid}.png")
    with kept.photo.open("rb") as photo:
        assert photo.read() == b"a picture"


def in_the_database(statement: str, *values: Any) -> None:
    """As somebody who speaks as the caisse could."""
    with pytest.raises(IntegrityError):
        _run(statement, values)


@transaction.atomic
def _run(statement: str, values: tuple[Any, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    connection.check_constraints()


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("amount_lent", "999.00"),
        ("opened_on", date(2026, 1, 16)),
        ("first_term", date(2026, 8, 15)),
        ("appraisal", "3001.00"),
        ("number", "another"),
        ("tariff_id", None),
        ("capital", "-0.01"),
        ("capital", "999.00"),
        ("capital", "1000.01"),
        ("due_on", date(2028, 1, 16)),
        ("state", "in_grace"),
        ("state", "sold"),
        ("state", "for_sale"),
        ("state", "boni_claimed"),
    ],
)
def test_the_database_refuses_what_the_services_would_never_write(
    contract: Contract, change: str, value: object
) -> None:
    in_the_database(f"UPDATE pawn_contract SET {change} = %s WHERE id = %s", value, contract.pk)  # noqa: S608  # our own words


@pytest.mark.parametrize(("change", "value"), [("most_lent", "1999.00"), ("appraisal", "1500.00")])
def test_the_database_keeps_the_objects_as_they_were_lent_on(
    contract: Contract, change: str, value: object
) -> None:
    in_the_database(
        f"UPDATE pawn_pledgedobject SET {change} = %s WHERE contract_id = %s",  # noqa: S608  # our own words
        value,
        contract.pk,
    )


@pytest.mark.parametrize("metal", ["", "gold"])
def test_the_database_refuses_more_than_the_law_lets_be_lent_on_an_object(
    contract: Contract, metal: str
) -> None:
    """Of 10 g of pure gold at 90 €, 720; of an appraisal of 1 080, 720 too."""
    too_much = PledgedObject(
        contract=contract,
        position=2,
        category="coin",
        description="Or",
        appraisal=Money.of(1080),
        metal=metal,
        weight_grams=Decimal(10),
        fineness=1000,
        metal_price=Decimal(90),
        most_lent=Money.of("720.01"),
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        too_much.save()


def test_the_database_refuses_a_loan_that_its_objects_do_not_bear(lends: Caisse) -> None:
    contract = lend(2000)
    in_the_database(
        "INSERT INTO pawn_contract (uuid, number, client_id, tariff_id, state, kept_at, amount_lent, opened_on, "
        "due_on, first_term, capital, appraisal, sale_requested) SELECT gen_random_uuid(), 'x', client_id, "
        "tariff_id, state, kept_at, amount_lent, opened_on, due_on, first_term, capital, 0, false "
        "FROM pawn_contract WHERE id = %s",
        contract.pk,
    )


def test_history_cannot_be_rewritten(contract: Contract) -> None:
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        contract.operations.update(amount=Money.of(1))


def test_lending_again_with_the_same_act_in_another_caisse_is_another_contract(
    lends: Caisse, beta: Caisse
) -> None:
    form = asked(START)["operation"]
    lend(operation=form)
    with tenant_context(beta):
        apply_grid()
        assert lend(operation=form).operations.count() == 1


def test_the_database_keeps_the_objects_of_a_signed_contract(contract: Contract) -> None:
    connection.check_constraints()
    in_the_database("DELETE FROM pawn_pledgedobject WHERE contract_id = %s", contract.pk)


def test_the_database_lets_no_term_move_without_a_prolongation_that_says_so(contract: Contract) -> None:
    connection.check_constraints()
    in_the_database("UPDATE pawn_contract SET due_on = %s WHERE id = %s", date(2026, 8, 15), contract.pk)
    prolong(contract, START + timedelta(days=30))
    connection.check_constraints()
    in_the_database("UPDATE pawn_contract SET due_on = first_term WHERE id = %s", contract.pk)

"""A loan worked out for anybody, in the address of the page, by the engine that lends."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.possible import Act
from tenant_apps.pawn.domain.tariffs.debt import simulate
from tenant_apps.pawn.explain import explained
from tenant_apps.pawn.loans import debt_of
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.services.prolong_contract import prolong_contract
from tenant_apps.pawn.tariffs.selectors import computed, tariff_in_force
from tenants.models import Caisse
from tests.pawn.loans.lending import START, apply_grid, asked, fresh, lend, price
from tests.pawn.pledges import words
from tests.world import ANNE

PAGE = "/contrats/tarifs/"
TODAY = timezone.localdate


@pytest.fixture
def nimes(alpha: Caisse, beta: Caisse) -> Caisse:
    """By half-months, one at least, whole euros from 30."""
    with tenant_context(alpha):
        apply_grid("nimes")
    return alpha


@pytest.fixture
def visitor(nimes: Caisse, browser_at: Callable[[str], Browser]) -> Browser:
    return browser_at(ANNE.host)


def test_anybody_works_out_a_loan_and_it_is_what_the_engine_says(visitor: Browser, nimes: Caisse) -> None:
    answer = visitor.get(PAGE, {"somme": "240", "mois": "6"})
    loan = answer.context["loan"]
    with tenant_context(nimes):
        found = simulate(
            tariff=computed(uuid=tariff_in_force(on=TODAY()).uuid),
            capital=Money.of(240),
            start=TODAY(),
            months=6,
        )
    assert (loan.total, loan.cost) == (found.paid, found.cost)
    said = words(answer)
    for text in ("240,00 € sur 6 mois", "TAEG fixe", "Coût total du prêt", "quinzaines commencées"):
        assert text in said
    assert 'role="alert"' not in said


def test_the_page_asks_first_and_answers_nothing(visitor: Browser) -> None:
    answer = visitor.get(PAGE)
    assert answer.context["loan"] is None
    assert "Combien coûterait votre prêt" in words(answer)
    assert "Corrigez ce qui suit" not in words(answer)


@pytest.mark.parametrize(
    ("typed", "months", "said"),
    [
        ("240,01", "6", "Écrivez une somme en euros entiers, sans centimes."),
        ("29", "6", "Le plus petit prêt est de 30,00 €."),
        ("50001", "6", "Le plus grand prêt est de 50 000,00 €."),
        ("", "6", "Écrivez une somme en euros"),
        ("-1", "6", "Écrivez une somme en euros"),
        ("9" * 5000, "6", "Écrivez une somme en euros"),
        ("<b>", "6", "Écrivez une somme en euros"),
        ("240", "", "Choisissez une durée."),
        ("240", "7", "Choisissez une durée de la liste."),
    ],
)
def test_what_the_tariff_does_not_offer_is_said_and_what_was_typed_stays(
    visitor: Browser, typed: str, months: str, said: str
) -> None:
    answer = visitor.get(PAGE, {"somme": typed, "mois": months})
    assert answer.status_code == 200
    assert answer.context["loan"] is None
    assert said in words(answer)
    if typed == "240,01":
        assert 'value="240,01"' in words(answer)


def test_a_tariff_by_tens_says_so(alpha: Caisse, beta: Caisse, browser_at: Callable[[str], Browser]) -> None:
    with tenant_context(alpha):
        apply_grid("paris")
    said = words(browser_at(ANNE.host).get(PAGE, {"somme": "245", "mois": "6"}))
    assert "Nous prêtons de 10,00 € en 10,00 € : écrivez une somme ronde." in said
    assert "Minimum : 1,00 € d’intérêts" in said
    assert "La nouvelle durée se compte depuis le jour où vous payez" in said


def test_the_least_that_is_due_is_told_on_the_page_and_on_the_line(visitor: Browser, nimes: Caisse) -> None:
    said = words(visitor.get(PAGE))
    for text in (
        "une quinzaine commencée est due",
        "Minimum : 1 quinzaine d’intérêts, même si vous remboursez le jour même.",
        "de 30,00 € à 50 000,00 €, en euros entiers",
        "Le TAEG, taux annuel effectif global",
    ):
        assert text in said
    with tenant_context(nimes):
        contract = lend(on=TODAY())
        for later, minimum in ((0, True), (20, False)):
            found = debt_of(contract=contract, on=TODAY() + timedelta(days=later))
            assert found is not None
            how = " ".join(each.how for each in explained(lines=found.lines, lent=contract.amount_lent))
            assert ("1 quinzaine commencée, le minimum" in how) is minimum


def test_the_page_is_english_for_who_reads_english(visitor: Browser) -> None:
    visitor.post("/langue/", {"language": "en"})
    said = words(visitor.get(PAGE, {"somme": "240", "mois": "6"}))
    assert "A half-month counts for half of a month." in said
    assert "quinzaine" not in said


@pytest.mark.parametrize("typed", ["", "beaucoup"])
def test_the_sum_given_as_an_example_would_be_lent(visitor: Browser, typed: str) -> None:
    answer = visitor.get(PAGE, {"somme": typed, "mois": "6"})
    assert "Écrivez une somme en euros, comme 30,00 €." in words(answer)
    assert "150,50" not in words(answer)
    assert visitor.get(PAGE, {"somme": "30,00 €", "mois": "6"}).context["loan"] is not None


def test_a_prolonged_loan_says_that_what_was_counted_before_is_not_counted_again(nimes: Caisse) -> None:
    with tenant_context(nimes):
        contract = lend(on=START)
        assert "une seconde fois" not in _how(contract, START + timedelta(days=100))
        paid_on = START + timedelta(days=100)
        prolong_contract(
            contract=contract,
            paid=price(contract, Act.PROLONG, paid_on, months=6),
            months=6,
            **asked(paid_on),
        )
        assert "Les quinzaines déjà comptées avant ne le sont pas une seconde fois." in _how(
            contract, paid_on + timedelta(days=100)
        )


def _how(contract: Contract, on: date) -> str:
    found = debt_of(contract=fresh(contract), on=on)
    assert found is not None
    return " ".join(each.how for each in explained(lines=found.lines, lent=contract.amount_lent))

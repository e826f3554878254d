"""What a client sees of loans of ours: what is due, how it is found, what may be done, what happened."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.kernel import formatting
from guichet.kernel.money import Money, total
from tenant_apps.clients.models import Client
from tenant_apps.pawn.domain.law import last_term
from tenant_apps.pawn.models import Contract, PledgedObject, Tariff
from tenant_apps.pawn.owing import MOST_BARS, chart_days
from tenants.models import Caisse
from tests.identity.steps import publish
from tests.pawn.loans.lending import announce, apply_grid, lend, redeem, sell
from tests.pawn.pledges import enter, neighbour, pledge, words
from tests.world import ANNE

LIST = "/contrats/"


def today() -> date:
    return timezone.localdate()


@pytest.fixture
def young(lends: Caisse) -> Contract:
    return lend(on=today() - timedelta(days=60))


@pytest.fixture
def shut(alpha: Caisse, beta: Caisse) -> Caisse:
    """A caisse that lends and takes no cards."""
    publish(alpha, {"products": ["pawn_loans"]})
    with tenant_context(alpha):
        apply_grid()
    return alpha


def test_the_sum_is_explained_line_by_line_and_the_lines_make_the_sum(
    young: Contract, anne_in: Browser
) -> None:
    answer = anne_in.get(f"{LIST}{young.uuid}/")
    owing = answer.context["owing"]
    # Two started months at 0,82 % and 1 % fixed.
    assert owing.total == Money.of("1026.40")
    assert total(each.amount for each in owing.lines) == owing.total
    page = words(answer)
    assert "2 mois commencés à 0,820 % par mois, sur 1 000,00 €." in page
    assert "1 % de 1 000,00 €." in page


def test_the_debt_of_a_later_day_is_shown_and_never_that_of_a_day_outside_the_law(
    young: Contract, anne_in: Browser
) -> None:
    page = f"{LIST}{young.uuid}/"
    later = today() + timedelta(days=90)
    assert anne_in.get(page, {"le": later.isoformat()}).context["owing"].total > Money.of("1026.40")
    bound = last_term(opened_on=young.opened_on)
    assert anne_in.get(page, {"le": bound.isoformat()}).context["owing"].on == bound
    for typed in (
        "hier",
        "0001-01-01",
        "2999-01-01",
        (today() - timedelta(days=1)).isoformat(),
        "31/02/2027",
    ):
        answer = anne_in.get(page, {"le": typed})
        assert answer.status_code == 200
        assert answer.context["owing"].on == today()
        assert 'class="error' in answer.content.decode() or "field-wrong" in answer.content.decode()


def test_the_chart_says_the_same_as_its_table_and_marks_the_day_that_is_asked(
    young: Contract, anne_in: Browser
) -> None:
    later = today() + timedelta(days=90)
    owing = anne_in.get(f"{LIST}{young.uuid}/", {"le": later.isoformat()}).context["owing"]
    assert [each.is_now for each in owing.chart.bars].count(True) == 1
    heights = [each.height for each in owing.chart.bars]
    assert heights == sorted(heights)
    assert 2 <= len(heights) <= MOST_BARS


@pytest.mark.parametrize(
    ("on", "term", "last"), [(0, 30, 700), (0, 700, 700), (700, 700, 790), (0, -20, 90), (0, 0, 0)]
)
def test_a_chart_has_few_bars_in_order_within_its_bounds(on: int, term: int, last: int) -> None:
    start = date(2026, 1, 31)
    asked, due, end = (start + timedelta(days=each) for each in (on, term, last))
    days = chart_days(on=asked, today=start, term=due, last=end)
    assert days == sorted(set(days))
    assert {start, asked} <= set(days)
    assert len(days) <= MOST_BARS
    assert days[0] >= start
    assert days[-1] <= max(end, asked)


def test_what_may_be_done_has_its_price_and_what_may_not_its_reason(
    lends: Caisse, young: Contract, anne_in: Browser
) -> None:
    page = words(anne_in.get(f"{LIST}{young.uuid}/"))
    assert "Prolonger de 6 mois" in page
    assert "26,40 €" in page
    assert f"/contrats/{young.uuid}/payer/?acte=redeem" in page
    with tenant_context(lends):
        late = lend()
        announce(late, today(), today() + timedelta(days=20))
    page = words(anne_in.get(f"{LIST}{late.uuid}/"))
    assert "il reste possible de tout rembourser" in page
    assert "Vente annoncée" in page
    assert "sa date vous est donnée par courrier" not in page
    assert page.count("Payer en ligne") == 1


def test_the_sum_of_the_list_is_that_of_the_page_even_when_a_sale_must_be_stopped(
    lends: Caisse, anne_in: Browser
) -> None:
    with tenant_context(lends):
        late = lend()
    before = anne_in.get(LIST).context["total_due"]
    with tenant_context(lends):
        announce(late, today(), today() + timedelta(days=20))
    owed = anne_in.get(f"{LIST}{late.uuid}/").context["owing"].total
    shown = anne_in.get(LIST).context["contracts"]
    with tenant_context(lends):
        listed = {each.number: each.amount_due for each in shown}
    assert listed[late.number] == owed
    # 7 % of the capital to leave the sale.
    assert anne_in.get(LIST).context["total_due"] - before == Money.of(70)


def test_a_redeemed_object_is_fetched_by_appointment(young: Contract, anne_in: Browser) -> None:
    redeem(young, today())
    page = words(anne_in.get(f"{LIST}{young.uuid}/"))
    assert f"motif=redeem&amp;objet={young.uuid}" in page
    assert "Tout est remboursé" in page
    assert "Combien je dois" not in page


def test_a_boni_says_how_much_it_is_and_until_when_it_waits(lends: Caisse, anne_in: Browser) -> None:
    sold_on = today() - timedelta(days=30)
    with tenant_context(lends):
        contract = lend(on=sold_on - timedelta(days=400))
        announce(contract, sold_on - timedelta(days=40), sold_on)
        sell(contract, sold_on, 3000)
        sale = Contract.objects.get(pk=contract.pk).sale
    page = words(anne_in.get(f"{LIST}{contract.uuid}/"))
    assert "Retirer votre boni" in page
    assert " ".join(formatting.euros(sale.boni, "fr").split()).replace(" €", "<small> €") in page
    assert " ".join(formatting.date_long(sale.lapses_on, "fr").split()) in page
    assert "motif=other" in page


def test_a_mirrored_contract_says_whose_sum_it_is_and_offers_nothing_to_pay_online(
    lends: Caisse, anne_in: Browser
) -> None:
    contract = pledge(lends, "their-own", due_in=10)
    page = words(anne_in.get(f"{LIST}{contract.uuid}/"))
    assert "Selon votre agence, au" in page
    assert "Payer en ligne" not in page
    assert "Combien je dois" not in page
    assert "Payez à votre agence" in page


def test_where_the_caisse_takes_no_cards_nothing_leads_to_a_payment(
    shut: Caisse, browser_at: Callable[[str], Browser]
) -> None:
    with tenant_context(shut):
        young = lend(on=today() - timedelta(days=60))
    anne_in = enter(browser_at(ANNE.host), shut)
    page = words(anne_in.get(f"{LIST}{young.uuid}/"))
    assert "/payer/" not in page
    assert "Payez à votre agence" in page
    assert anne_in.get(f"{LIST}{young.uuid}/payer/").status_code == 404
    assert anne_in.get(f"{LIST}payer/").status_code == 404


def test_what_needs_attention_comes_first_the_most_urgent_on_top(lends: Caisse, anne_in: Browser) -> None:
    pledge(lends, "soon", due_in=5)
    pledge(lends, "soon-too", due_in=6)
    pledge(lends, "sale", due_in=-60, state="for_sale")
    pledge(lends, "boni", due_in=-90, state="boni_available")
    said = [each.text for each in anne_in.get(LIST).context["attention"]]
    assert said[0] == "La vente d’un objet est annoncée."
    assert "2 contrats arrivent bientôt à échéance." in said
    assert said[-1] == "Un boni vous attend à l’agence."


def test_a_contract_of_another_client_is_not_found(lends: Caisse, anne_in: Browser) -> None:
    theirs = lend(client=neighbour(lends))
    assert anne_in.get(f"{LIST}{theirs.uuid}/").status_code == 404
    assert anne_in.get(f"{LIST}{uuid.uuid4()}/").status_code == 404


def test_the_page_speaks_english(young: Contract, anne_in: Browser) -> None:
    anne_in.cookies["guichet_language"] = "en"
    page = words(anne_in.get(f"{LIST}{young.uuid}/"))
    assert "How much do I owe?" in page
    assert "Combien" not in page
    assert "0.820% a month" in page


def many(caisse: Caisse, count: int) -> None:
    """Rows as `open_contract` makes them, but for their history: a thousand of these would take a minute."""
    with tenant_context(caisse):
        tariff, anne = Tariff.objects.get(), Client.objects.get(number="C-1")
        start = today() - timedelta(days=60)
        Contract.objects.bulk_create(
            Contract(
                number=f"M-{number}",
                client=anne,
                tariff=tariff,
                kept_at="Alpha",
                amount_lent=Money.of(100),
                opened_on=start,
                due_on=start + timedelta(days=180 + number % 300),
                first_term=start + timedelta(days=180 + number % 300),
                capital=Money.of(100),
                appraisal=Money.of(300),
            )
            for number in range(count)
        )
        PledgedObject.objects.bulk_create(
            PledgedObject(
                contract=each,
                position=1,
                category="watch",
                description="Montre en acier",
                appraisal=Money.of(300),
                most_lent=Money.of(200),
            )
            for each in Contract.objects.filter(number__startswith="M-")
        )


def test_a_thousand_contracts_ask_no_more_of_the_database_than_one(
    lends: Caisse, young: Contract, anne_in: Browser
) -> None:
    anne_in.get(LIST)
    counts = {}
    for more in (0, 999):
        many(lends, more)
        for url in (LIST, "/contrats/payer/"):
            with CaptureQueriesContext(connection) as queries:
                answer = anne_in.get(url)
            assert answer.status_code == 200
            counts[more, url] = len(queries)
    assert anne_in.get("/contrats/payer/").context["page"].paginator.count == 1000
    assert counts[0, LIST] == counts[999, LIST]
    assert counts[0, "/contrats/payer/"] == counts[999, "/contrats/payer/"]
    assert len(anne_in.get(LIST).context["contracts"]) <= 20
    # The sums are of all of them, whatever the page: a free loan of 100 €, 999 times, this one and the mirrored one.
    assert anne_in.get(LIST, {"page": "2"}).context["total_due"] == Money.of("2085.60") + Money.of(100) * 999


def test_pages_that_nobody_wrote_show_a_page_all_the_same(young: Contract, anne_in: Browser) -> None:
    number = young.number
    for typed in ("0", "x", "9999999999999999999999", "%00"):
        assert anne_in.get(f"{LIST}?page={typed}").status_code == 200
        assert number in words(anne_in.get(f"{LIST}?page={typed}"))

"""The list of contracts: what is due first, what it comes to, and that it is nobody else's."""

import re
import uuid
from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from guichet.kernel.formatting import date_long
from guichet.kernel.money import Money
from tenant_apps.pawn.models import Contract
from tenants.models import Caisse
from tests.identity.steps import publish
from tests.pawn.pledges import in_days, neighbour, pledge, words

LIST = "/contrats/"


def numbers(browser: Browser) -> list[str]:
    return [each.number for each in browser.get(LIST).context["contracts"]]


def day(ahead: int) -> str:
    """As a page has it, with plain spaces."""
    return date_long(in_days(ahead), "fr").replace("\xa0", " ").replace("\u202f", " ")


def announced(caisse: Caisse, number: str, sale_on: date) -> None:
    """The sale of a contract whose term has passed, on that day."""
    contract = pledge(caisse, number, due_in=-60, state="for_sale")
    with tenant_context(caisse):
        Contract.objects.filter(pk=contract.pk).update(sale_on=sale_on)


def test_what_is_due_soonest_comes_first_and_what_has_ended_last(bare: Caisse, anne: Browser) -> None:
    for number, due_in, state in (
        ("later", 200, "running"),
        ("redeemed", -300, "redeemed"),
        ("soon", 5, "running"),
        ("late", -20, "in_grace"),
        ("sold", -100, "sold"),
        ("boni", -90, "boni_available"),
        ("sale", -60, "for_sale"),
        ("past", -3, "running"),
    ):
        pledge(bare, number, due_in=due_in, state=state)
    assert numbers(anne) == ["sale", "late", "past", "soon", "later", "redeemed", "sold", "boni"]


def test_announced_sales_come_before_all_terms_the_nearest_first_and_show_their_day(
    bare: Caisse, anne: Browser
) -> None:
    pledge(bare, "late", due_in=-90, state="in_grace")
    pledge(bare, "undated", due_in=-80, state="for_sale")
    announced(bare, "far", in_days(40))
    announced(bare, "near", in_days(6))
    assert numbers(anne) == ["near", "far", "undated", "late"]
    page = words(anne.get(LIST))
    assert page.count("<dt>Vente aux enchères</dt>") == 3
    assert page.count("date donnée par courrier") == 1
    assert f"<strong>{day(6)}</strong>" in page
    assert f"3 contrats. La première est prévue le {day(6)}." in page
    assert page.count("<dt>Échéance</dt>") == 1


def test_the_day_of_the_only_sale_is_said_on_top_and_no_term_beside_it(bare: Caisse, anne: Browser) -> None:
    announced(bare, "1", in_days(1))
    page = words(anne.get(LIST))
    assert f"La vente d’un objet est annoncée. Elle est prévue le {day(1)}." in page
    assert "<dt>Échéance</dt>" not in page


def test_two_of_the_same_day_keep_their_order(bare: Caisse, anne: Browser) -> None:
    for number in ("b", "a", "c"):
        pledge(bare, number, due_in=50)
    assert numbers(anne) == ["b", "a", "c"]


def test_totals_count_what_still_runs_only(bare: Caisse, anne: Browser) -> None:
    pledge(bare, "1", amount_lent=Money.of("1000.10"), amount_due=Money.of("1059.20"))
    pledge(bare, "2", due_in=-5, state="in_grace", amount_lent=Money.of(200), amount_due=Money.of("210.05"))
    pledge(bare, "3", due_in=-90, state="redeemed", amount_lent=Money.of(500), amount_due=Money.of(0))
    answer = anne.get(LIST)
    assert (answer.context["total_lent"], answer.context["total_due"]) == (
        Money.of("1200.10"),
        Money.of("1269.25"),
    )
    assert answer.context["running_count"] == 2
    page = words(answer)
    assert "1 269,25<small> €" in page
    assert "1 200,10<small> €" in page


@pytest.mark.parametrize(
    ("due_in", "state", "label"),
    [
        (200, "running", "En cours"),
        (31, "running", "En cours"),
        (30, "running", "À échéance dans 30 jours"),
        (2, "running", "À échéance dans 2 jours"),
        (1, "running", "À échéance dans 1 jour"),
        (0, "running", "À échéance aujourd’hui"),
        (-1, "running", "Échéance passée"),
        (-1, "due", "Échéance passée"),
        (-20, "in_grace", "Délai de grâce"),
        (-60, "for_sale", "Vente annoncée"),
        (-90, "sold", "Vendu"),
        (-90, "boni_available", "Boni à retirer"),
        (-90, "redeemed", "Remboursé"),
    ],
)
def test_each_contract_says_where_it_stands(
    bare: Caisse, anne: Browser, due_in: int, state: str, label: str
) -> None:
    pledge(bare, "1", due_in=due_in, state=state)
    assert f">{label}</span>" in words(anne.get(LIST))


@pytest.mark.parametrize(
    ("objects", "title"),
    [
        (("Une bague",), "Une bague"),
        (("Une bague", "Une montre"), "Une bague et 1 autre objet"),
        (("Une bague", "Une montre", "Un violon"), "Une bague et 2 autres objets"),
        ((), "Objet"),
    ],
)
def test_a_contract_goes_by_its_first_object_and_how_many_more(
    bare: Caisse, anne: Browser, objects: tuple[str, ...], title: str
) -> None:
    contract = pledge(bare, "1", objects=objects)
    for url in (LIST, f"{LIST}{contract.uuid}/"):
        page = re.sub(r"</?span[^>]*>", "", words(anne.get(url)))
        assert re.search(f"> ?{title} ?</", page)


def test_what_the_caisse_wrote_in_french_is_said_to_be_french_on_an_english_page(
    bare: Caisse, anne: Browser
) -> None:
    contract = f"{LIST}{pledge(bare, '1', objects=('Une bague', 'Une montre')).uuid}/"
    anne.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for url in ("/", LIST, contract):
        page = words(anne.get(url))
        assert '<html lang="en">' in page
        assert '<span lang="fr">Une bague</span>' in page
    assert '<h3 lang="fr">Une montre</h3>' in words(anne.get(contract))


def test_what_a_clerk_typed_is_written_as_plain_text(bare: Caisse, anne: Browser) -> None:
    contract = pledge(bare, "<i>1</i>", objects=("<b>Bague</b> & chaîne",), kept_at="<u>Ici</u>")
    for url in (LIST, f"{LIST}{contract.uuid}/", "/"):
        page = words(anne.get(url))
        assert "&lt;b&gt;Bague&lt;/b&gt; &amp; chaîne" in page
        assert not [mark for mark in ("<b>", "<i>", "<u>") if mark in page]


def test_without_contracts_the_page_says_what_to_do(bare: Caisse, anne: Browser) -> None:
    page = words(anne.get(LIST))
    assert "Vous n’avez pas encore de contrat" in page
    assert "tel:+33465710001" in page
    assert "Vous n’avez aucun contrat en cours" in words(anne.get("/"))


def test_nobody_elses_contract_is_listed(bare: Caisse, beta: Caisse, anne: Browser) -> None:
    pledge(bare, "mine")
    pledge(bare, "theirs", client=neighbour(bare))
    pledge(beta, "far")
    assert numbers(anne) == ["mine"]


def test_fifty_contracts_ask_no_more_of_the_database_than_five(bare: Caisse, anne: Browser) -> None:
    counts = {}
    for upto in (5, 50):
        for number in range(upto):
            pledge(bare, f"{number}", due_in=number + 1, objects=("Une bague", "Une montre"))
        anne.get(LIST)
        for url in (LIST, "/"):
            with CaptureQueriesContext(connection) as queries:
                answer = anne.get(url)
            counts[upto, url] = len(queries)
            assert answer.status_code == 200
    assert len(numbers(anne)) == 20
    assert len(anne.get(f"{LIST}?page=3").context["contracts"]) == 10
    assert counts[5, LIST] == counts[50, LIST]
    assert counts[5, "/"] == counts[50, "/"]


def test_the_page_speaks_english_when_asked_to(bare: Caisse, anne: Browser) -> None:
    pledge(bare, "1", amount_due=Money.of("1059.20"))
    pledge(bare, "2", due_in=1, objects=("Une bague", "Une montre"))
    anne.cookies["guichet_language"] = "en"
    answer = anne.get(LIST)
    assert answer.headers["Content-Language"] == "en"
    assert '<html lang="en">' in answer.content.decode()
    page = words(answer)
    for text in ("My contracts", "€1,059.20", "Active", "Due in 1 day<"):
        assert text in page
    assert "Mes contrats" not in page


def test_where_the_policy_has_no_pawn_loans_there_is_no_screen_and_no_mention(
    alpha: Caisse, anne: Browser
) -> None:
    publish(alpha, {"products": ["appointments"]})
    for url in (LIST, f"{LIST}{uuid.uuid4()}/"):
        assert anne.get(url).status_code == 404
    home = words(anne.get("/"))
    assert LIST not in home
    assert "Mes contrats" not in home
    anne.post("/deconnexion/")
    assert "Vos contrats en détail" not in words(anne.get("/connexion/"))

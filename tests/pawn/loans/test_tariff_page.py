"""The page of tariffs: what the law wants shown, to anybody (CMF D514-8-1)."""

from collections.abc import Callable

from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.pawn.models import Tariff
from tenants.models import Caisse
from tests.identity.steps import publish
from tests.pawn.loans.lending import apply_grid
from tests.pawn.pledges import words
from tests.world import ANNE

PAGE = "/contrats/tarifs/"


def test_anybody_reads_the_rates_a_representative_example_and_what_the_law_lists(
    lends: Caisse, browser_at: Callable[[str], Browser]
) -> None:
    page = words(browser_at(ANNE.host).get(PAGE))
    for said in (
        "Un crédit vous engage et doit être remboursé. Vérifiez vos capacités de remboursement avant de vous engager.",
        "Un prêt de 1 000,00 € sur 6 mois",
        "0,820 % par mois",
        # 49,20 € of interest and 10 € fixed, in six months: (1,0592)² - 1.
        "12,19 %",
        "1 059,20",
        "Sans intérêt",
        "De plus de 100,00 € à 3 000,00 €",
        "Au-dessus de 6 000,00 €",
        "2 % du capital qui reste dû",
        "Pas de droit de rétractation",
        "augmentée d’un quart",
        "quatre cinquièmes",
        "médiateur",
        "23,60 %",
    ):
        assert said in page


def test_the_foot_leads_to_it_where_the_caisse_lends_and_nowhere_else(
    alpha: Caisse, browser_at: Callable[[str], Browser]
) -> None:
    assert PAGE in words(browser_at(ANNE.host).get("/mentions-legales/"))
    publish(alpha, {"products": ["documents"]})
    assert PAGE not in words(browser_at(ANNE.host).get("/mentions-legales/"))
    assert browser_at(ANNE.host).get(PAGE).status_code == 404


def test_without_a_tariff_the_page_sends_to_the_agency(
    alpha: Caisse, browser_at: Callable[[str], Browser]
) -> None:
    with tenant_context(alpha):
        assert not Tariff.objects.exists()
    assert "Demandez-le à l’agence" in words(browser_at(ANNE.host).get(PAGE))


def test_the_mediator_of_the_caisse_is_named(alpha: Caisse, browser_at: Callable[[str], Browser]) -> None:
    named = {"fr": "Médiateur de l’ASF\n75000 Paris", "en": "The mediator"}
    publish(alpha, {"texts": {"mediation": named}})
    with tenant_context(alpha):
        apply_grid()
    assert "Médiateur de l’ASF<br>75000 Paris" in words(browser_at(ANNE.host).get(PAGE))


def test_it_says_whether_a_rate_holds_for_the_whole_sum_or_for_its_slice_and_what_fees_leave_out(
    alpha: Caisse, beta: Caisse, browser_at: Callable[[str], Browser]
) -> None:
    with tenant_context(alpha):
        apply_grid("nimes")
    with tenant_context(beta):
        apply_grid("paris")
    nimes, paris = (words(browser_at(host).get(PAGE)) for host in (ANNE.host, "beta.localhost"))
    whole, slices = "il s’applique à toute la somme", "Chaque taux s’applique à sa tranche"
    assert (whole in nimes, slices in nimes) == (True, False)
    assert (whole in paris, slices in paris) == (False, True)
    assert "Droit fixe, au prêt et à chaque prolongation (au-dessus de 50,00 €)" in nimes
    assert "1 % de la somme prêtée" in nimes
    assert "2,00 € de frais sont retenus sur la somme remise" in paris
    assert "sont retenus" not in nimes

"""The journey of an operator of the GIE: all caisses at a glance, then one of them in full."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.site import Site
from tests.journeys.visitor import CAMILLE, assert_accessible, assert_fits, assert_structure, sign_in

pytestmark = pytest.mark.browser

PHONE, DESK = 360, 1280


# An account is sent so many codes an hour: each journey signs in once.
@pytest.mark.parametrize(
    ("width", "javascript"),
    [
        pytest.param(DESK, True, id="desk"),
        pytest.param(PHONE, True, id="phone", marks=pytest.mark.slow),
        pytest.param(PHONE, False, id="plain", marks=pytest.mark.slow),
    ],
)
def test_from_all_caisses_to_the_rules_of_one(visit: Visit, site: Site, width: int, javascript: bool) -> None:
    page = visit(width=width, javascript=javascript)

    def look() -> None:
        assert_structure(page)
        if javascript:
            for scheme in ("light", "dark"):
                # Without motion: axe would measure colours half-way from one scheme to the other.
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                assert_accessible(page)
                assert_fits(page)

    sign_in(page, site, CAMILLE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Les caisses")
    # The demo has reported on every caisse before anybody came.
    assert page.get_by_text("n’a pas encore fait de rapport").count() == 0
    look()
    _search(page, site)
    look()
    _one_caisse(page)
    look()
    page.get_by_role("main").get_by_role("link", name="Les caisses").click()
    expect(page).to_have_url(site.url("gie"))
    _nothing_is_found(page)
    look()
    _a_bad_search(page, site)
    look()


def _search(page: Page, site: Site) -> None:
    page.get_by_label("Nom ou ville").fill("NIMES credit")
    page.get_by_label("État").select_option("active")
    page.get_by_role("button", name="Chercher").click()
    expect(page).to_have_url(site.url("gie", "/?q=NIMES+credit&etat=active"))
    expect(page.get_by_label("Nom ou ville")).to_have_value("NIMES credit")
    expect(page.get_by_text("1 espace trouvé")).to_be_visible()
    row = page.get_by_role("main").locator("tbody tr")
    expect(row).to_have_count(1)
    for text in ("nimes.localhost", "Ouverte", "Prêts sur gage", "Code par SMS", "avertissements"):
        expect(row).to_contain_text(text)


def _one_caisse(page: Page) -> None:
    page.get_by_role("link", name="Crédit Municipal de Nîmes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Crédit Municipal de Nîmes")
    for heading in (
        "Ce que disent ses règles",
        "Ses chiffres",
        "Ce que dit le contrôle de ses règles",
        "L’histoire de ses règles",
    ):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    main = page.get_by_role("main")
    for text in ("sms-alone", "OWASP ASVS", "fichier de démonstration"):
        expect(main).to_contain_text(text)
    # Nobody acts from here yet.
    assert main.get_by_role("button").count() == 0
    for name in ("Arnal", "Rouvière", "Castanier", "1043992017"):
        assert name not in page.content()


def _nothing_is_found(page: Page) -> None:
    page.get_by_label("Nom ou ville").fill("nulle part")
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_text("Aucune caisse trouvée")).to_be_visible()


def _a_bad_search(page: Page, site: Site) -> None:
    page.goto(site.url("gie", "/?etat=ouverte"))
    expect(page.get_by_text("Choisissez un état de la liste.").first).to_be_visible()

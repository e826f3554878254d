"""CCM Direct at Nantes: C1 to C3, C9."""

import re

import pytest
from playwright.sync_api import expect

from tenant_apps.demo.people import Person
from tests.journeys.conftest import Visit
from tests.journeys.demo.behaviours.people import living
from tests.journeys.demo.behaviours.steps import (
    ASKED,
    CHOICE,
    CODE,
    DONE,
    SIGN_IN,
    ask_again,
    choose_password,
    enter,
    is_in,
    lifetimes,
    link_in,
    link_phone,
    look,
    offer,
    read,
    verify,
)
from tests.journeys.site import Site
from tests.journeys.visitor import SOLENE, next_of_application, sign_in
from tests.journeys.visitor import Person as Visitor

pytestmark = pytest.mark.browser

OWN, METHOD = "/connexion/nouveau-secret/", "/connexion/second-moyen/"
# As short as the rule of this portal lets it be.
NEW = "Vilaine7"


@pytest.mark.slow
def test_c1_the_code_comes_by_mail_the_first_password_by_sms_and_is_changed_at_once(
    site: Site, come: Visit
) -> None:
    (yann,) = living("c1")
    mail = site.awaited("nantes", kind="activation_identifier", to=yann.email)
    text = site.awaited("nantes", kind="activation_password", to=yann.mobile)
    identifier = re.search(r"Code abonné : (\d{12})\b", read(mail["text"]))
    password = re.search(r"mot de passe est (\S+)\.", read(text["text"]))
    assert identifier
    assert password
    # Neither says what the other does.
    assert password[1] not in mail["text"]
    assert identifier[1] not in text["text"]
    assert lifetimes(mail["text"], text["text"]) == {"7 jours"}
    page = come()
    offer(page, site, yann, identifier=identifier[1], secret=password[1])
    expect(page).to_have_url(site.url("nantes", OWN))
    look(page)
    choose_password(page, NEW)
    expect(page).to_have_url(site.url("nantes", METHOD))
    page.get_by_role("link", name="Choisir le SMS").click()
    link_phone(page, site, yann)
    is_in(page, site, yann)
    page.get_by_role("button", name="Se déconnecter").click()
    offer(page, site, yann, identifier=identifier[1], secret=password[1])
    verify(page, "000000")
    expect(page.locator(".errors")).to_be_visible()
    enter(page, site, yann, identifier=identifier[1], secret=NEW)


def test_c2_five_failures_are_announced_close_the_access_and_the_agency_opens_it(
    site: Site, come: Visit
) -> None:
    (loic,) = living("c2")
    client, clerk = come(), come(width=1280)
    client.goto(site.url("nantes", SIGN_IN))
    expect(client.get_by_role("main")).to_contain_text("Après 5 essais faux de suite")
    expect(client.get_by_text("seule votre agence peut le rouvrir")).to_be_visible()
    for length in (11, 13):
        offer(client, site, loic, identifier="7402189112051"[:length])
        expect(client.locator(".errors")).to_contain_text("12 chiffres")
    for _ in range(4):
        offer(client, site, loic, secret="Pas-le-bon-0!")
        expect(client).to_have_url(site.url("nantes", CODE))
    expect(client.get_by_text("Il vous reste 1 essai")).to_be_visible()
    offer(client, site, loic, secret="Pas-le-bon-0!")
    expect(client.get_by_text("Il vous reste 1 essai")).to_be_visible()
    verify(client, "000000")
    expect(client.get_by_role("heading", name="Cet accès est fermé")).to_be_visible()
    look(client)
    # Not even with all that is right.
    offer(client, site, loic)
    expect(client.get_by_role("heading", name="Cet accès est fermé")).to_be_visible()

    sign_in(clerk, site, SOLENE)
    clerk.locator("[name=words]").fill("gueguen loic")
    clerk.get_by_role("button", name="Chercher").click()
    clerk.get_by_role("link", name="Guéguen").first.click()
    expect(clerk.get_by_text("Fermé jusqu’à ce que l’agence le rouvre")).to_be_visible()
    look(clerk)
    clerk.get_by_role("link", name="Rouvrir l’accès").click()
    clerk.locator("input[type=radio]").first.check()
    clerk.get_by_role("button", name="Rouvrir l’accès").click()
    expect(clerk.get_by_text("L’accès est rouvert.")).to_be_visible()
    enter(client, site, loic)


@pytest.mark.slow
def test_c3_the_second_factor_is_chosen_scanned_and_explained_to_who_has_no_smartphone(
    site: Site, come: Visit
) -> None:
    (mathieu,) = living("c3")
    page = come()
    offer(page, site, mathieu)
    expect(page).to_have_url(site.url("nantes", METHOD))
    expect(page.get_by_role("link", name="Choisir le SMS")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Choisir l’application").click()
    picture = page.get_by_alt_text("Code à scanner")
    page.wait_for_load_state()
    assert picture.evaluate("e => e.naturalWidth") > 0
    key = "".join(page.locator(".qr-key").inner_text().split())
    expect(page.get_by_role("link", name="ouvrir directement l’application")).to_have_attribute(
        "href", re.compile(rf"^otpauth://totp/.*secret={key}\b")
    )
    page.get_by_text("Pas de téléphone intelligent ?").click()
    for offered in (
        "sur un ordinateur",
        "l’extension « Authenticator » de votre navigateur",
        "Votre agence cherche",
    ):
        expect(page.get_by_role("main")).to_contain_text(offered)
    look(page)
    linked = _with_key(mathieu, key)
    verify(page, next_of_application(linked))
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos codes de secours")
    page.get_by_role("button", name="Continuer").click()
    is_in(page, site, mathieu)
    page.get_by_role("button", name="Se déconnecter").click()
    offer(page, site, mathieu)
    verify(page, next_of_application(linked))
    is_in(page, site, mathieu)


def _with_key(who: Person, key: str) -> Visitor:
    return Visitor(who.caisse, who.identifier, who.secret, who.last_name, totp_key=key)


@pytest.mark.slow
def test_c9_a_forgotten_password_is_renewed_on_line(site: Site, come: Visit) -> None:
    (annaig,) = living("c9")
    page = come()
    ask_again(page, site, annaig, "Mot de passe oublié")
    expect(page).to_have_url(site.url("nantes", ASKED))
    assert lifetimes(page.get_by_role("main").inner_text()) == {"1 heure"}
    mail = site.awaited("nantes", kind="recovery_link", to=annaig.email)
    assert lifetimes(mail["text"]) == {"1 heure"}
    page.goto(link_in(mail))
    expect(page).to_have_url(site.url("nantes", CHOICE))
    look(page)
    choose_password(page, "court7!")
    expect(page.locator(".errors")).to_contain_text("Il en faut 8 au moins.")
    choose_password(page, NEW)
    expect(page).to_have_url(site.url("nantes", DONE))
    page.get_by_role("link", name="Aller à la connexion").click()
    enter(page, site, annaig, secret=NEW)

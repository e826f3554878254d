"""Nîmes, and pretgage.fr which is Nîmes behind the shared front door: A1 to A6, A8, B2."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.demo.behaviours.people import living
from tests.journeys.demo.behaviours.steps import (
    ASKED,
    CHOICE,
    CODE,
    DONE,
    FIRST,
    FIRST_CHOICE,
    SIGN_IN,
    ask_again,
    choose_password,
    code_in,
    enter,
    is_in,
    lifetimes,
    link_in,
    look,
    offer,
    read,
    verify,
)
from tests.journeys.site import Site
from tests.journeys.staff import let_pass
from tests.journeys.visitor import Person as Visitor

pytestmark = pytest.mark.browser

NEW = "Arenes-et-garrigue-30!"
ACTIVE = re.compile(r"/connexion/\?actif=1$")
# Tries of a robot: each a number that nobody has, one after the other, from a page of sign-in.
ROBOT = """async ([path, times]) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  for (let number = 0; number < times; number += 1) {
    const typed = { csrfmiddlewaretoken: token, identifier: `19${77000000 + number}`, secret: "Pas-le-bon-0!" };
    await fetch(path, { method: "POST", body: new URLSearchParams(typed) });
  }
}"""


def test_a1_the_mail_of_a_first_contract_leads_to_a_password_of_one_s_own(site: Site, come: Visit) -> None:
    (solange,) = living("a1")
    mail = site.awaited("nimes", kind="activation_link", to=solange.email)
    page = come()
    page.goto(site.url("nimes", f"/demo/messages/{mail['uuid']}/"))
    identifier = _the_mail_has_all_of_it(page)
    look(page)
    page.get_by_role("link", name="Choisir mon mot de passe").click()
    expect(page).to_have_url(site.url("nimes", FIRST_CHOICE))
    look(page)
    choose_password(page, NEW)
    expect(page).to_have_url(ACTIVE)
    expect(page.get_by_text("C’est fait.")).to_be_visible()
    enter(page, site, solange, identifier=identifier, secret=NEW)
    # It has served.
    assert site.status("nimes", urlsplit(link_in(mail)).path) == 410


def _the_mail_has_all_of_it(page: Page) -> str:
    """The name on its band, the person, the heading, one large button, the expiry, the rules; the identifier."""
    band = page.get_by_text("Crédit Municipal de Nîmes", exact=True).first
    assert band.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(180, 67, 11)"
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre espace vous attend")
    box = page.locator("td").filter(has_text=re.compile(r"^\s*Identifiant")).last
    expect(box.locator("img")).to_be_visible()
    expect(box).to_have_css("border-top-style", "solid")
    (button,) = page.get_by_role("link").all()
    bounds = button.bounding_box()
    assert bounds
    assert bounds["height"] >= 44
    assert bounds["width"] >= 200
    text = read(page.locator("main").inner_text())
    assert lifetimes(text) == {"24 heures"}
    for rule in ("12 caractères au moins", "1 caractère spécial au moins", "que vous avez déjà ailleurs"):
        expect(
            page.get_by_role("row", name=f"✓ {rule}").or_(page.locator("tr", has_text=rule)).last
        ).to_contain_text("✓")
    found = box.locator("strong").inner_text()
    return "".join(found.split())


@pytest.mark.slow
def test_a2_a_password_is_long_has_a_special_character_and_is_one_s_own(site: Site, come: Visit) -> None:
    (aurelien,) = living("a2")
    page = come()
    page.goto(link_in(site.awaited("nimes", kind="activation_link", to=aurelien.email)))
    rules = page.locator("#regles")
    for rule in ("12 caractères au moins", "1 caractère spécial au moins", "que vous avez déjà ailleurs"):
        expect(rules).to_contain_text(rule)
    for typed, why in (
        ("Garrigue-30", "Il en faut 12 au moins."),
        ("GarrigueEtCigales30", "caractère spécial"),
        ("M0tdepasse-2026!", "Beaucoup de gens ont ce mot de passe"),
        ("Teissier-au-marché-30!", "contient votre nom"),
    ):
        choose_password(page, typed)
        expect(page.locator(".errors")).to_contain_text(why)
        expect(page).to_have_url(site.url("nimes", FIRST_CHOICE))
    look(page)
    # As short as they let it be.
    choose_password(page, "Cigales-d-o1")
    expect(page).to_have_url(ACTIVE)
    enter(page, site, aurelien, secret="Cigales-d-o1")


@pytest.mark.slow
def test_a3_ten_or_eleven_digits_open_and_the_client_number_does_not(site: Site, come: Visit) -> None:
    (ten,), (eleven,) = living("a6"), living("a8")
    assert (len(ten.identifier), len(eleven.identifier)) == (10, 11)
    page = come()
    offer(page, site, ten, identifier=ten.number)
    expect(page.locator(".errors")).to_contain_text("chiffres")
    expect(page).to_have_url(site.url("nimes", SIGN_IN))
    for short_or_long in (ten.identifier[:9], f"{eleven.identifier}4"):
        offer(page, site, ten, identifier=short_or_long)
        expect(page.locator(".errors")).to_contain_text("10 ou 11 chiffres")
    _two_ways_back_and_a_panel(page, site)
    for who in (ten, eleven):
        enter(page, site, who)
        page.get_by_role("button", name="Se déconnecter").click()


def _two_ways_back_and_a_panel(page: Page, site: Site) -> None:
    page.goto(site.url("nimes", SIGN_IN))
    for name, there in (
        ("Première connexion", FIRST),
        ("Mot de passe oublié", "/secret-oublie/"),
        ("Identifiant oublié", "/identifiant-oublie/"),
    ):
        expect(page.get_by_role("link", name=name)).to_have_attribute("href", there)
    panel, form = page.get_by_role("complementary", name="Ce que permet cet espace"), page.get_by_role("main")
    expect(panel.get_by_role("listitem").first).to_be_visible()
    assert panel.get_by_role("listitem").count() >= 3
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        around, of_form = panel.bounding_box(), form.bounding_box()
        assert around
        assert of_form
        if width == 360:
            assert around["y"] >= of_form["y"] + of_form["height"]
        else:
            assert (
                around["x"] + around["width"] <= of_form["x"]
                or around["x"] >= of_form["x"] + of_form["width"]
            )
        look(page)


@pytest.mark.slow
def test_a4_a_code_by_sms_to_a_masked_phone_with_one_lifetime_in_every_text(site: Site, come: Visit) -> None:
    (driss,) = living("a4")
    page = come()
    page.goto(site.url("nimes", SIGN_IN))
    told = [page.get_by_role("main").inner_text()]
    offer(page, site, driss)
    first = site.awaited("nimes", kind="sms_code", to=driss.mobile)
    told += [page.get_by_role("main").inner_text(), first["text"]]
    expect(page.get_by_role("main")).to_contain_text("6 chiffres au numéro •• •• •• •1 47")
    assert not re.search(r"3\W*9\W*9?8", page.get_by_role("main").inner_text())
    assert re.fullmatch(r"\d{6}", code_in(first))
    page.get_by_text("Ce n’est pas votre numéro ?").click()
    expect(page.get_by_text("Contactez votre agence").last).to_be_visible()
    expect(page.get_by_role("link", name="04 65 71 20 30").last).to_be_visible()
    look(page)
    page.get_by_role("button", name="Annuler").click()
    expect(page).to_have_url(site.url("nimes", SIGN_IN))

    offer(page, site, driss)
    page.get_by_role("button", name="Recevoir un nouveau code").click()
    expect(page.get_by_role("status").first).to_contain_text("Attendez encore")
    let_pass(site, Visitor("nimes", driss.identifier, "", ""), seconds=31)
    page.get_by_role("button", name="Recevoir un nouveau code").click()
    expect(page.get_by_role("status").first).to_contain_text("Un nouveau code est parti")
    second = site.awaited("nimes", kind="sms_code", to=driss.mobile, after=[first])
    told += [page.get_by_role("main").inner_text(), second["text"]]
    assert [lifetimes(text) for text in told] == [{"5 minutes"}] * len(told)
    verify(page, code_in(first))
    expect(page.locator(".errors")).to_contain_text("Ce code n’est pas le bon")
    verify(page, code_in(second))
    is_in(page, site, driss)


@pytest.mark.slow
def test_a5_a_forgotten_password_is_renewed_by_a_link(site: Site, come: Visit) -> None:
    (paule,) = living("a5")
    page = come()
    ask_again(page, site, paule, "Mot de passe oublié")
    expect(page).to_have_url(site.url("nimes", ASKED))
    expect(page.get_by_role("main")).to_contain_text("Regardez aussi dans les indésirables")
    assert lifetimes(page.get_by_role("main").inner_text()) == {"24 heures"}
    page.get_by_text("rien ne m’arrive").click()
    expect(page.get_by_text("Si rien n’arrive, appelez votre agence")).to_be_visible()
    expect(page.get_by_role("link", name="04 65 71 20 30", exact=True)).to_be_visible()
    look(page)
    mail = site.awaited("nimes", kind="recovery_link", to=paule.email)
    assert lifetimes(mail["text"]) == {"24 heures"}
    page.goto(link_in(mail))
    expect(page).to_have_url(site.url("nimes", CHOICE))
    choose_password(page, NEW)
    expect(page).to_have_url(site.url("nimes", DONE))
    look(page)
    page.get_by_role("link", name="Aller à la connexion").click()
    offer(page, site, paule)
    expect(page.locator(".errors")).to_contain_text("Identifiant ou mot de passe incorrect")
    enter(page, site, paule, secret=NEW)


def _ask_for_the_identifier(page: Page, *, client_number: str, birth_date: str, contract: str) -> str:
    """What the page answers."""
    page.get_by_role("link", name="Identifiant oublié").click()
    page.locator("[name=client_number]").fill(client_number)
    page.locator("[name=birth_date]").fill(birth_date)
    page.locator("[name=contract_number]").fill(contract)
    page.get_by_role("button", name="Recevoir mon identifiant").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre demande est enregistrée")
    return read(page.get_by_role("main").inner_text())


@pytest.mark.slow
def test_a6_a_forgotten_identifier_comes_by_mail_and_every_answer_is_the_same(
    site: Site, come: Visit
) -> None:
    (emile,) = living("a6")
    page = come()
    answers = []
    for number, born, contract in (
        ("C-99999", "27/2/1964", "24-131077"),
        (emile.number, "28/2/1964", "24-131077"),
        (emile.number, "27/2/1964", "24-118203"),
        (emile.number, "27/2/1964", "24-131077"),
    ):
        page.goto(site.url("nimes", SIGN_IN))
        answers.append(
            _ask_for_the_identifier(page, client_number=number, birth_date=born, contract=contract)
        )
    assert len(set(answers)) == 1
    look(page)
    mail = site.awaited("nimes", kind="identifier_reminder", to=emile.email)
    found = re.search(r"Identifiant : (\d+)", read(mail["text"]))
    assert found
    assert found[1] == emile.identifier
    enter(page, site, emile, identifier=found[1])
    # One request said what the file says, and one mail left.
    assert len(site.sent("nimes", kind="identifier_reminder", to=emile.email)) == 1


@pytest.mark.slow
def test_a8_after_a_robot_s_tries_a_sign_in_does_its_work_unseen(site: Site, come: Visit) -> None:
    (hugues,) = living("a8")
    page = come()
    asked: list[str] = []
    hosts: set[str] = set()
    page.on("request", lambda each: hosts.add(urlsplit(each.url).hostname or ""))
    page.on(
        "request", lambda each: asked.append(each.post_data or "") if each.is_navigation_request() else None
    )
    offer(page, site, hugues, secret="Pas-le-bon-0!")
    expect(page.locator(".errors")).to_contain_text("incorrect")
    # One who errs once is asked for nothing.
    assert not [each for each in asked if "travail=" in each]
    page.evaluate(ROBOT, [SIGN_IN, 15])
    before = site.sent("nimes", kind="sms_code", to=hugues.mobile)
    offer(page, site, hugues)
    expect(page).to_have_url(site.url("nimes", CODE))
    (worked,) = [each for each in asked if "travail=" in each]
    assert re.search(r"reponse=\d+$", worked)
    # No third party is asked, and nothing of what was typed is given again.
    assert hosts == {"nimes.localhost"}
    assert hugues.identifier not in worked
    verify(page, code_in(site.awaited("nimes", kind="sms_code", to=hugues.mobile, after=before)))
    is_in(page, site, hugues)


@pytest.mark.slow
def test_b2_a_client_of_before_asks_for_the_identifier_then_for_the_link(site: Site, come: Visit) -> None:
    (colette,) = living("b2")
    page = come()
    page.goto(site.url(""))
    page.get_by_role("link", name="Nîmes").first.click()
    _ask_for_the_identifier(page, client_number=colette.number, birth_date="3/7/1951", contract="23-087715")
    mail = site.awaited("nimes", kind="identifier_reminder", to=colette.email)
    found = re.search(r"Identifiant : (\d+)", read(mail["text"]))
    assert found
    # Nobody had written to her before she asked.
    assert not site.sent("nimes", kind="activation_link", to=colette.email)
    page.get_by_role("link", name="Retour à la connexion").click()
    page.get_by_role("link", name="Première connexion").click()
    look(page)
    page.locator("[name=identifier]").fill(found[1])
    page.get_by_role("button", name="Demander ma première connexion").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre demande est enregistrée")
    assert lifetimes(page.get_by_role("main").inner_text()) == {"24 heures"}
    look(page)
    page.goto(link_in(site.awaited("nimes", kind="activation_link", to=colette.email)))
    choose_password(page, NEW)
    expect(page).to_have_url(ACTIVE)
    enter(page, site, colette, identifier=found[1], secret=NEW)

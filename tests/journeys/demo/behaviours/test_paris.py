"""Paris, where a link and an SMS renew the password together: D1 to D3."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.demo.behaviours.people import living
from tests.journeys.demo.behaviours.steps import (
    ASKED,
    CHOICE,
    DONE,
    SIGN_IN,
    TYPED,
    ask_again,
    choose_password,
    code_in,
    enter,
    lifetimes,
    link_in,
    look,
    offer,
    read,
)
from tests.journeys.site import Site
from tests.journeys.visitor import assert_readable

pytestmark = pytest.mark.browser

FORGOTTEN = "Mot de passe oublié"
NEW = "Marais-et-colombages-4"


@pytest.mark.slow
def test_d1_who_forgot_gets_a_link_by_mail_and_a_code_by_sms_at_once(site: Site, come: Visit) -> None:
    (renee,) = living("d1")
    page = come()
    # Her number as she says it, without its dash.
    ask_again(page, site, renee, FORGOTTEN, identifier=renee.identifier.replace("-", " ").lower())
    expect(page).to_have_url(site.url("paris", ASKED))
    main = page.get_by_role("main")
    for told in ("Un e-mail avec un lien", "Un SMS avec un code", "l’un sans l’autre n’ouvre rien"):
        expect(main).to_contain_text(told)
    look(page)
    mail = site.awaited("paris", kind="recovery_link", to=renee.email)
    text = site.awaited("paris", kind="recovery_code", to=renee.mobile)
    assert (mail["channel"], text["channel"]) == ("mail", "sms")
    assert lifetimes(main.inner_text(), mail["text"], text["text"]) == {"12 heures"}
    code = code_in(text)
    assert len(code) == 5
    assert code not in mail["text"]
    assert "http" not in text["text"]
    # What was asked for changes nothing.
    enter(page, site, renee)


def test_d2_the_link_and_the_code_choose_a_password_together_and_neither_does_alone(
    site: Site, come: Visit
) -> None:
    (simon,) = living("d2")
    page = come()
    ask_again(page, site, simon, FORGOTTEN)
    expect(page).to_have_url(site.url("paris", ASKED))
    mail = site.awaited("paris", kind="recovery_link", to=simon.email)
    code = code_in(site.awaited("paris", kind="recovery_code", to=simon.mobile))
    # The code alone: there is no page to type it on, and the page of the link opens to nobody else.
    assert {path: site.status("paris", path) for path in (TYPED, CHOICE)} == {TYPED: 404, CHOICE: 302}
    page.goto(link_in(mail))
    expect(page).to_have_url(site.url("paris", CHOICE))
    assert_readable(page)
    # The link alone, then with the same code in the other case: one of six hundred thousand has no letter.
    for typed, why in (("", "code"), (_in_another_case(code), "Il vous reste 4 essais")):
        page.locator("[name=code]").fill(typed)
        choose_password(page, NEW)
        expect(page.locator(".errors")).to_contain_text(why)
        expect(page).to_have_url(site.url("paris", CHOICE))
    assert_readable(page)
    page.locator("[name=code]").fill(code)
    choose_password(page, NEW)
    expect(page).to_have_url(site.url("paris", DONE))
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre mot de passe est changé")
    look(page)
    page.get_by_role("link", name="Aller à la connexion").click()
    expect(page).to_have_url(site.url("paris", SIGN_IN))
    offer(page, site, simon)
    expect(page.locator(".errors")).to_contain_text("incorrect")
    enter(page, site, simon, secret=NEW)


def _in_another_case(code: str) -> str:
    swapped = code.swapcase()
    return swapped if swapped != code else code[::-1] + "a"


@pytest.mark.slow
def test_d3_the_mail_names_the_caisse_its_address_and_hours_and_asks_not_to_reply(
    site: Site, come: Visit
) -> None:
    (nadege,) = living("d3")
    page = come(width=1280)
    ask_again(page, site, nadege, FORGOTTEN)
    expect(page).to_have_url(site.url("paris", ASKED))
    mail = site.awaited("paris", kind="recovery_link", to=nadege.email)
    assert "Crédit Municipal de Paris" in mail["subject"]
    page.goto(site.url("paris", f"/demo/messages/{mail['uuid']}/"))
    look(page)
    shown = read(page.locator("main").inner_text())
    _, _, signature = read(mail["text"]).partition(" -- ")
    for words in (
        "Crédit Municipal de Paris",
        "5 rue de l’Exemple 75004 Paris",
        "Du lundi au vendredi, de 9 h à 16 h 30.",
        "Merci de ne pas répondre à ce message.",
    ):
        assert words in signature
        assert words in shown

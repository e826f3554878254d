"""From a command to the counter and the console: the first people of a caisse, their link, their application."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.identity.management.commands import staff as command
from tenant_apps.identity.models import User
from tenant_apps.journal.models import Event
from tenants.models import Caisse, Kind, State
from tests.clock import Clock
from tests.commands.running import Ran, run
from tests.desk.counter import words
from tests.identity.conftest import BrowserAt
from tests.identity.keypads import application_shows, with_application
from tests.identity.steps import CODE, SIGN_IN, events, mails, publish
from tests.identity.waiting import CHOOSE, MUTUAL, twice
from tests.world import ANNE, BRUNO

DOOR, APPLICATION = "/agence/connexion/", "/connexion/second-moyen/application/"
EMAIL, NAME = "ines.roche@alpha.example.org", "Inès Roche"
SECRET = "Pivoine-des-talus-58!"
LINK = re.compile(r"http://[^/]+(/premiere-connexion/lien/[\w-]+/)")
OF_THE_GIE = {"second_factor": {"methods": ["totp"], "recovery_codes": 0}}


def staff(*arguments: str) -> Ran:
    """With plain spaces, as a test is typed."""
    ran = run("staff", *arguments)
    said, refused = (
        text and text.replace("\u202f", " ").replace("\xa0", " ") for text in (ran.said, ran.refused)
    )
    return Ran(said or "", refused)


def add(caisse: str = "alpha", email: str = EMAIL, name: str = NAME) -> Ran:
    return staff("add", caisse, email, "--name", name)


def end(caisse: str = "alpha", email: str = EMAIL, reason: str = "Elle a quitté la caisse") -> Ran:
    return staff("end", caisse, email, "--reason", reason)


def link(caisse: Caisse) -> str:
    """The one that was mailed last."""
    (*_, text) = mails(caisse, kind="staff_invitation")
    found = LINK.findall(text)
    assert len(found) == 1
    return str(found[0])


def journalled(caisse: Caisse, *kinds: str) -> list[tuple[str, dict[str, Any]]]:
    with tenant_context(caisse):
        found = Event.objects.filter(kind__in=kinds).order_by("id")
        return list(found.values_list("kind", "details"))


def people(caisse: str = "alpha") -> dict[str, dict[str, Any]]:
    return {each["email"]: each for each in json.loads(staff("list", caisse, "--json").said)}


def goes_in(browser: Browser, caisse: Caisse, *, door: str = DOOR, email: str = EMAIL) -> Any:
    """The whole way from the mail on; what the enrolment answers."""
    assert browser.get(link(caisse)).headers["Location"] == CHOOSE
    choice = words(browser.get(CHOOSE))
    assert (f'value="{email}"' in choice, "Espace client" in choice) == (True, False)
    assert browser.post(CHOOSE, twice(SECRET)).headers["Location"] == f"{door}?actif=1"
    assert "Vous pouvez maintenant vous connecter" in words(browser.get(f"{door}?actif=1"))
    first = browser.post(door, {"identifier": email, "secret": SECRET})
    assert browser.get(first.headers["Location"]).headers["Location"] == APPLICATION
    page = browser.get(APPLICATION)
    return browser.post(APPLICATION, {"code": application_shows(key=page.context["key"])})


@pytest.mark.parametrize("clients", [{}, MUTUAL], ids=["link", "letter"])
def test_a_first_clerk_comes_from_the_command_to_the_counter(
    alpha: Caisse, beta: Caisse, browser_at: BrowserAt, clients: dict[str, Any]
) -> None:
    """Whatever the caisse sends its clients."""
    publish(alpha, clients, instead_of="identifier" if clients else "")
    added = add(email=" Ines.Roche@ALPHA.example.org")
    assert added.refused is None
    assert added.said.startswith(
        f"alpha : accès ouvert pour {EMAIL}. Le worker envoie le lien, valable 24 heures"
    )
    (text,) = mails(alpha, kind="staff_invitation")
    for said in (NAME, "espace de l’agence", f"http://alpha.localhost:8000{DOOR}", "12 caractères au moins"):
        assert said in text
    assert link(alpha) not in added.said
    assert (mails(beta, kind="staff_invitation"), people()[EMAIL]["state"]) == ([], "invited")
    browser = browser_at(ANNE.host)
    assert goes_in(browser, alpha).headers["Location"] == "/agence/"
    assert browser.get("/agence/").status_code == 200
    assert people()[EMAIL]["state"] == "open"
    kinds = events(alpha)
    for kind in ("activation.sent", "activation.opened", "activation.done", "second_factor.enrolled"):
        assert kind in kinds


def test_a_first_operator_comes_to_the_console(db: None, alpha: Caisse, browser_at: BrowserAt) -> None:
    gie = Caisse.objects.get(kind=Kind.GIE)
    publish(gie, OF_THE_GIE)
    email = "paul.rey@gie.example.org"
    assert add("gie", email, "Paul Rey").refused is None
    assert "sa console" in mails(gie, kind="staff_invitation")[0]
    browser = browser_at("gie.localhost")
    assert goes_in(browser, gie, door=SIGN_IN, email=email).headers["Location"] == "/"
    assert "Alpha" in words(browser.get("/"))
    with tenant_context(gie):
        assert User.objects.get(display_name="Paul Rey").kind == User.Kind.OPERATOR


def test_the_link_of_one_caisse_gives_nothing_at_another(
    alpha: Caisse, beta: Caisse, browser_at: BrowserAt
) -> None:
    add()
    stranger = browser_at(BRUNO.host)
    assert stranger.get(link(alpha)).status_code in {404, 410}
    assert stranger.get(CHOOSE).headers["Location"] == SIGN_IN
    assert browser_at(ANNE.host).get(link(alpha)).status_code == 302


def test_a_link_serves_once_and_leads_who_comes_again_to_their_own_door(
    alpha: Caisse, browser_at: BrowserAt
) -> None:
    add()
    goes_in(browser_at(ANNE.host), alpha)
    page = browser_at(ANNE.host).get(link(alpha))
    assert page.status_code == 410
    assert "Demandez un autre lien à votre administrateur" in words(page)
    assert f'href="{DOOR}"' in page.content.decode()


def test_a_link_that_has_lapsed_opens_nothing_and_another_is_sent(
    alpha: Caisse, browser_at: BrowserAt, clock: Clock
) -> None:
    add()
    lapsed = link(alpha)
    clock.move(hours=24, minutes=1)
    assert browser_at(ANNE.host).get(lapsed).status_code == 410
    assert people()[EMAIL]["state"] == "lapsed"
    assert "invitation périmée (depuis le" in staff("list", "alpha").said
    assert staff("invite", "alpha", EMAIL).refused is None
    assert people()[EMAIL]["state"] == "invited"
    assert browser_at(ANNE.host).get(lapsed).status_code == 410
    assert browser_at(ANNE.host).get(link(alpha)).status_code == 302


def test_a_longer_life_of_the_links_of_clients_is_not_that_of_staff(alpha: Caisse, clock: Clock) -> None:
    publish(alpha, {"activation": {"link_lifetime": "30 jours"}})
    add()
    clock.move(hours=24, minutes=1)
    assert people()[EMAIL]["state"] == "lapsed"


def test_twice_is_once(alpha: Caisse) -> None:
    add()
    for _ in range(2):
        again = add(name="inès roche")
        assert (again.refused, again.said.startswith("alpha : inchangé")) == (None, True)
    assert len(mails(alpha, kind="staff_invitation")) == 1
    for said in ("accès fermé, ses connexions aussi", "inchangé, cet accès est fermé"):
        assert said in end().said
    assert journalled(alpha, "staff.ended") == [("staff.ended", {"reason": "Elle a quitté la caisse"})]


def test_an_end_ends_sessions_links_and_half_finished_sign_ins_at_once(
    alpha: Caisse, browser_at: BrowserAt
) -> None:
    add()
    inside, halfway = browser_at(ANNE.host), browser_at(ANNE.host)
    goes_in(inside, alpha)
    assert halfway.post(DOOR, {"identifier": EMAIL, "secret": SECRET}).headers["Location"] == CODE
    assert end().refused is None
    assert inside.get("/agence/").status_code == 302
    assert halfway.get(CODE).headers["Location"] in {DOOR, SIGN_IN}
    assert browser_at(ANNE.host).post(DOOR, {"identifier": EMAIL, "secret": SECRET}).status_code == 200
    assert people()[EMAIL]["state"] == "ended"
    refused = staff("invite", "alpha", EMAIL)
    assert "son accès est fermé" in (refused.refused or "")


def test_an_end_voids_a_link_that_waits(alpha: Caisse, browser_at: BrowserAt) -> None:
    add()
    end()
    assert browser_at(ANNE.host).get(link(alpha)).status_code == 410


def test_who_comes_back_begins_anew_with_another_secret_and_another_application(
    alpha: Caisse, browser_at: BrowserAt
) -> None:
    """So it goes with a lost phone and a forgotten password too."""
    add()
    goes_in(browser_at(ANNE.host), alpha)
    end()
    assert "accès rouvert" in add().said
    assert browser_at(ANNE.host).post(DOOR, {"identifier": EMAIL, "secret": SECRET}).status_code == 200
    assert goes_in(browser_at(ANNE.host), alpha).headers["Location"] == "/agence/"
    assert [kind for kind, _ in journalled(alpha, "staff.ended", "staff.reopened")] == [
        "staff.ended",
        "staff.reopened",
    ]
    assert len(people()) == 2


def test_the_acts_have_their_words_in_the_journal_of_the_caisse(alpha: Caisse, browser_at: BrowserAt) -> None:
    add()
    end()
    add()
    browser = browser_at(ANNE.host)
    goes_in(browser, alpha)
    page = words(browser.get("/agence/journal/?genre=comptes"))
    for said in (
        "Accès d’une personne de la caisse fermé",
        "Elle a quitté la caisse",
        "de la caisse rouvert",
    ):
        assert said in page


@pytest.mark.parametrize(
    ("ask", "why"),
    [
        (lambda: add(email="ines.roche"), "n’est pas une adresse e-mail"),
        (lambda: add(email="a" * 300 + "@alpha.example.org"), "trop long"),
        (lambda: add(email="agent@alpha.example.org"), "l’adresse d’une autre personne de alpha"),
        (lambda: add(name=" \u202e "), "--name : il manque"),
        (lambda: add(name="a" * 161), "--name : 160 signes au plus"),
        (lambda: add("gamma"), "aucune caisse « gamma »"),
        (lambda: add("public"), "aucune caisse « public »"),
        (lambda: end(reason=" "), "--reason : il manque"),
        (end, "personne à « alpha » n’a l’adresse"),
        (lambda: end(email="agent@beta.example.org"), "personne à « alpha » n’a l’adresse"),
        (lambda: staff("invite", "alpha", "agent@alpha.example.org"), "a déjà choisi un mot de passe"),
        (lambda: staff("invite", "alpha", EMAIL), "personne à « alpha » n’a l’adresse"),
        (lambda: staff("list", "gamma"), "aucune caisse « gamma »"),
    ],
)
def test_what_cannot_be_is_refused_in_french_and_changes_nothing(
    alpha: Caisse, beta: Caisse, ask: Callable[[], Ran], why: str
) -> None:
    before = people()
    refused = ask().refused or ""
    assert why in refused
    assert "Rien n’a été changé." in refused
    assert (people(), journalled(alpha, "activation.sent", "staff.ended")) == (before, [])


def test_a_suspended_caisse_lets_nobody_in_and_still_shows_them_out(
    alpha: Caisse, monkeypatch: pytest.MonkeyPatch
) -> None:
    add()
    alpha.state = State.SUSPENDED
    monkeypatch.setattr(command, "_caisse", lambda _schema: alpha)
    assert "est suspendue" in (add(email="zoe@alpha.example.org", name="Zoé").refused or "")
    assert end().refused is None


def test_where_no_mail_can_leave_it_says_how_to_mend_it_and_opens_nothing(
    alpha: Caisse, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.MESSAGE_TRANSPORTS = {"mail": "tenant_apps.messaging.smtp.SmtpMail"}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    # A port on which nobody listens.
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    refused = add().refused or ""
    assert "aucun e-mail ne peut partir d’ici" in refused
    assert "GUICHET_SMTP_HOST" in refused
    assert EMAIL not in people()
    monkeypatch.setattr("tenant_apps.messaging.smtp.SmtpMail.reach", lambda _self: None)
    assert add().refused is None


def test_a_list_says_how_each_access_stands(alpha: Caisse, clock: Clock) -> None:
    add()
    said = staff("list", "alpha").said
    assert f"{NAME} <{EMAIL}> : invitation en cours (jusqu’au" in said
    assert "Agent <agent@alpha.example.org> : sans application d’authentification, jamais venu" in said
    with tenant_context(alpha):
        agent = User.objects.get(display_name="Agent")
    with_application(alpha, agent)
    assert people()["agent@alpha.example.org"]["state"] == "open"
    assert SECRET not in said

"""Another way in for some days: it works, it ends by itself or by a button, and it leaves nothing behind."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.identity import tasks
from tenant_apps.identity.enrol import enrol_known_totp, new_totp_key
from tenant_apps.identity.exceptions import live_ways
from tenant_apps.identity.models import SmsDevice, TotpDevice, User, WayException
from tenants.models import Caisse
from tests.clock import Clock
from tests.desk.conftest import BrowserAt
from tests.desk.counter import (
    SHOWN_AGAIN,
    act_of,
    file_of,
    journal,
    posted,
    register,
    sent,
    staff_uuid,
    words,
)
from tests.identity.keypads import application_shows
from tests.identity.steps import SIGN_IN, enter_code, enter_secret, publish, sms_codes, user_of
from tests.identity.waiting import CHOOSE, LETTER, LINK, letter_codes, twice
from tests.world import ANNE, BRUNO

ACT = "exception"
SMS = {"way": "sms", "days": "3", "reason": "broken", "note": ""}
CHOICE, CODE = "/connexion/second-moyen/", "/connexion/code/"


@pytest.fixture
def by_application(alpha: Caisse) -> Caisse:
    """Alpha takes codes of an application only; Anne has one, and no phone that receives."""
    publish(alpha, {"second_factor": {"methods": ["totp"]}})
    with tenant_context(alpha):
        SmsDevice.objects.all().delete()
        enrol_known_totp(user=user_of(alpha), key=new_totp_key(), now=timezone.now())
    return alpha


def grant(desk: Browser, client: Client, **fields: str) -> str:
    """Where the counter is sent afterwards."""
    answer = desk.post(act_of(client, ACT), {**SMS, **fields})
    return str(answer.headers.get("Location", answer.status_code))


def comes_in(browser: Browser, caisse: Caisse) -> bool:
    """With the code of an SMS."""
    enter_secret(browser, ANNE)
    browser.post("/connexion/code/autre/", {"method": "sms"})
    codes = sms_codes(caisse)
    return bool(codes) and enter_code(browser, codes[-1]).headers.get("Location") == "/"


def test_a_code_by_sms_opens_for_some_days_where_the_rules_want_an_application(
    by_application: Caisse, desk: Browser, anne: Client, browser_at: BrowserAt, clock: Clock
) -> None:
    assert not comes_in(browser_at(ANNE.host), by_application)
    assert "Ouvrir un autre moyen" in words(desk.get(file_of(anne)))
    assert grant(desk, anne) == f"{file_of(anne)}?fait=exception"
    page = words(desk.get(file_of(anne)))
    assert "Ouvert pour quelques jours" in page
    assert "Finir maintenant" in page
    assert comes_in(browser_at(ANNE.host), by_application)
    clock.move(days=3)
    # Nothing ran meanwhile: the time alone has ended it.
    sent_before = len(sms_codes(by_application))
    assert not comes_in(browser_at(ANNE.host), by_application)
    assert len(sms_codes(by_application)) == sent_before


def test_it_is_journalled_and_the_client_is_told(by_application: Caisse, desk: Browser, anne: Client) -> None:
    grant(desk, anne, note="en voyage")
    (event,) = journal(by_application, "account.exception_granted")
    assert event.details["by"] == staff_uuid(by_application)
    assert (event.details["reason"], event.details["way"]) == ("broken: en voyage", "sms")
    (mail,) = sent(by_application, "exception_granted")
    assert "vous pouvez vous connecter avec un code reçu par SMS" in mail["text"]


def test_the_button_ends_it_with_the_sessions_begun_by_it(
    by_application: Caisse, desk: Browser, anne: Client, browser_at: BrowserAt
) -> None:
    grant(desk, anne)
    inside = browser_at(ANNE.host)
    assert comes_in(inside, by_application)
    end = f"{act_of(anne, ACT)}fin/"
    assert desk.post(end, {"way": "sms"}).headers["Location"].endswith("?fait=exception-finie")
    assert inside.get("/").status_code == 302
    assert "Finir maintenant" not in words(desk.get(file_of(anne)))
    assert desk.post(end, {"way": "sms"}).headers["Location"].endswith("?fait=exception-deja")
    assert len(journal(by_application, "account.exception_ended")) == 1


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"days": "8"}, "7 jours au plus"),
        ({"days": "0"}, "un jour au moins"),
        ({"days": "x"}, "en chiffres"),
        ({"way": "totp"}, "Choisissez un moyen de la liste"),
        ({"way": "letter"}, "Choisissez un moyen de la liste"),
        ({"reason": ""}, "Choisissez une raison"),
    ],
)
def test_what_the_policy_does_not_let_the_agency_grant_is_refused(
    by_application: Caisse, desk: Browser, anne: Client, fields: dict[str, str], told: str
) -> None:
    assert told in words(posted(desk, act_of(anne, ACT), {**SMS, **fields}))
    with tenant_context(by_application):
        assert WayException.objects.count() == 0


def test_the_longest_is_that_of_the_policy(by_application: Caisse, desk: Browser, anne: Client) -> None:
    publish(by_application, {"staff": {"exception_longest": "2 jours"}})
    assert SHOWN_AGAIN in grant(desk, anne)
    assert grant(desk, anne, days="2") == f"{file_of(anne)}?fait=exception"


def test_where_the_rules_offer_it_there_is_nothing_to_grant(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    """Alpha sends codes by SMS, and Anne has her phone."""
    assert "Ouvrir un autre moyen" not in words(desk.get(file_of(anne)))
    assert "pas d’autre moyen à ouvrir" in words(desk.get(act_of(anne, ACT)))


def test_who_has_no_mobile_enrols_an_application_where_the_rules_want_sms(
    alpha: Caisse, desk: Browser, anne: Client, browser_at: BrowserAt
) -> None:
    with tenant_context(alpha):
        SmsDevice.objects.all().delete()
        Client.objects.filter(pk=anne.pk).update(mobile="")
    assert grant(desk, anne, way="totp").endswith("?fait=exception")
    browser = browser_at(ANNE.host)
    assert enter_secret(browser, ANNE).headers["Location"] == CHOICE
    page = browser.get(f"{CHOICE}application/").content.decode()
    key = "".join(page.partition('class="qr-key')[2].partition(">")[2].partition("</p")[0].split())
    key = "".join(mark for mark in key.replace("<span>", "").replace("</span>", "") if mark.isalnum())
    answer = browser.post(f"{CHOICE}application/", {"code": application_shows(key=key)})
    assert answer.headers["Location"] == "/"


def test_what_an_exception_left_behind_does_not_keep_the_client_from_enrolling(
    by_application: Caisse, desk: Browser, anne: Client, browser_at: BrowserAt, clock: Clock
) -> None:
    with tenant_context(by_application):
        TotpDevice.objects.all().delete()
    grant(desk, anne)
    clock.move(days=3)
    browser = browser_at(ANNE.host)
    assert enter_secret(browser, ANNE).headers["Location"] == CHOICE
    with tenant_context(by_application):
        tasks.forget(tenant="alpha")
        assert not SmsDevice.objects.exists()
        assert not WayException.objects.exists()


def test_a_first_connection_goes_by_letter_where_the_rules_send_a_link(
    alpha: Caisse, beta: Caisse, desk: Browser, browser_at: BrowserAt
) -> None:
    zoe = register(alpha, "C-2", identifier="1000000002", activated=False)
    with tenant_context(alpha):
        Client.objects.filter(pk=zoe.pk).update(postal_lines="8 rue du Puits", postcode="30000", town="Nîmes")
    browser = browser_at(ANNE.host)
    assert browser.get(LETTER).status_code == 404
    assert grant(desk, zoe, way="letter").endswith("?fait=exception")
    desk.post(act_of(zoe, "activation"), {"reason": "not_received", "note": ""})
    (code,) = letter_codes(alpha)
    page = words(browser.get(LETTER))
    assert "J’ai reçu une lettre avec un code" in page
    assert "Première connexion" not in page
    answer = browser.post(LETTER, {"identifier": "1000000002", "code": code})
    assert answer.headers["Location"] == CHOOSE
    assert browser.post(CHOOSE, twice()).status_code == 302
    with tenant_context(beta):
        assert WayException.objects.count() == 0


def test_the_way_to_the_page_of_a_letter_is_there_for_everybody_while_one_exception_lives(
    alpha: Caisse, desk: Browser, browser_at: BrowserAt, clock: Clock
) -> None:
    """Who comes is not known yet: the page says that somebody of the caisse has a letter, and not who."""
    entry, asking = "J’ai reçu une lettre avec un code", "/premiere-connexion/demande/"
    publish(alpha, LINK)
    zoe = register(alpha, "C-2", identifier="1000000002", activated=False)
    with tenant_context(alpha):
        Client.objects.filter(pk=zoe.pk).update(postal_lines="8 rue du Puits", postcode="30000", town="Nîmes")

    def shown() -> list[bool]:
        pages = [words(browser_at(ANNE.host).get(page)) for page in (SIGN_IN, asking)]
        there = browser_at(ANNE.host).get(LETTER).status_code == 200
        beta = words(browser_at(BRUNO.host).get(SIGN_IN))
        return [*(entry in page for page in pages), there, entry in beta]

    assert shown() == [False, False, False, False]
    grant(desk, zoe, way="letter", reason="no_email")
    assert shown() == [True, True, True, False]
    assert entry not in words(browser_at(ANNE.host).get("/agence/connexion/"))
    clock.move(days=3)
    assert shown() == [False, False, False, False]


@pytest.mark.parametrize(
    ("reason", "answer"),
    [
        ("no_smartphone", "?fait=exception"),
        ("abroad", "?fait=exception"),
        ("no_mobile", SHOWN_AGAIN),
        ("no_email", SHOWN_AGAIN),
    ],
)
def test_a_reason_fits_the_way_that_it_opens(
    by_application: Caisse, desk: Browser, anne: Client, reason: str, answer: str
) -> None:
    assert answer in grant(desk, anne, reason=reason)


def test_a_letter_is_not_for_want_of_a_smartphone(alpha: Caisse, desk: Browser) -> None:
    zoe = register(alpha, "C-2", identifier="1000000002", activated=False)
    with tenant_context(alpha):
        Client.objects.filter(pk=zoe.pk).update(postal_lines="8 rue du Puits", postcode="30000", town="Nîmes")
    page = words(desk.get(act_of(zoe, ACT)))
    assert "Le client n’a pas d’e-mail" in page
    assert "Le client n’a pas de smartphone" not in page


def test_a_reason_of_another_way_of_the_page_is_told_apart(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    """Several ways stand on one page, and their reasons together."""
    with tenant_context(alpha):
        SmsDevice.objects.all().delete()
    refused = words(posted(desk, act_of(anne, ACT), {**SMS, "way": "totp", "reason": "no_smartphone"}))
    assert "Cette raison ne va pas avec ce moyen" in refused


def test_it_is_for_one_person_of_one_caisse(
    by_application: Caisse, desk: Browser, anne: Client, other_desk: Browser
) -> None:
    grant(desk, anne)
    zoe = register(by_application, "C-2", identifier="1000000002")
    with tenant_context(by_application):
        assert live_ways(user=User.objects.get(client=zoe), now=timezone.now()) == {"sms": False}
        assert live_ways(user=user_of(by_application), now=timezone.now()) == {"sms": True}
        lasts = WayException.objects.get().ends_at - timezone.now()
    assert timedelta(days=2) < lasts <= timedelta(days=3)
    assert other_desk.get(act_of(anne, ACT)).status_code == 404

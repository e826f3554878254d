"""The people of the agencies: e-mail, password and application, whatever the rules for clients are."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import User
from tenants.models import Caisse
from tenants.policy.current import current_policy
from tenants.policy.staff import staff_policy
from tests.clock import Clock
from tests.identity.keypads import PIN_ALONE, application_shows, with_application
from tests.identity.steps import CODE, SIGN_IN, SIGN_OUT, enter_code, publish, said, user_of
from tests.world import ANNE

STAFF_DOOR = "/agence/connexion/"
AGENT = {"identifier": "Agent@Alpha.example.org ", "secret": "Agent-au-guichet-3!"}
CHOICE = "/connexion/second-moyen/"


@pytest.fixture(params=["password and SMS", "PIN alone", "blind"])
def ruled(request: pytest.FixtureRequest, alpha: Caisse, clock: Clock) -> Caisse:
    """Alpha under three sets of rules for its clients."""
    if request.param == "PIN alone":
        publish(
            alpha,
            {"secret": {"kind": "pin"}, "second_factor": {"required": False, "methods": []}, **PIN_ALONE},
        )
    if request.param == "blind":
        publish(alpha, {"second_factor": {"blind": True}, "lockout": {"wait": "none", "until_agency": True}})
    return alpha


def test_they_sign_in_with_password_and_application(browser: Browser, ruled: Caisse) -> None:
    with_application(ruled, user_of(ruled, kind=User.Kind.STAFF))
    page = said(browser.get(STAFF_DOOR))
    assert "Espace de l’agence" in page
    assert 'name="draw"' not in page
    assert browser.post(STAFF_DOOR, AGENT).headers["Location"] == CODE
    assert enter_code(browser, application_shows()).status_code == 302
    assert browser.get(STAFF_DOOR).status_code == 302


def test_their_entrance_praises_nothing_to_clients(browser: Browser, ruled: Caisse) -> None:
    with_application(ruled, user_of(ruled, kind=User.Kind.STAFF))
    pages = [said(browser.get(STAFF_DOOR))]
    browser.post(STAFF_DOOR, AGENT)
    pages.append(said(browser.get(CODE)))
    for page in pages:
        # By the name of the caisse, and nowhere else.
        assert page.partition("</title>")[2].count("Espace de l’agence") == 1
        assert "Espace client" not in page
    assert "Espace de l’agence" not in said(browser.get(SIGN_IN)).partition("<footer")[0]


def test_who_works_here_is_sent_to_an_administrator_and_not_to_the_agency(
    browser: Browser, alpha: Caisse
) -> None:
    with_application(alpha, user_of(alpha, kind=User.Kind.STAFF))
    browser.post(STAFF_DOOR, AGENT)
    pages = [said(browser.get(CODE))]
    enter_code(browser, application_shows())
    pages.append(said(browser.get("/agence/securite/")))
    for page in pages:
        assert ("Prévenez votre administrateur" in page, "votre agence" in page) == (True, False)


def test_the_first_time_they_link_an_application(browser: Browser, ruled: Caisse) -> None:
    assert browser.post(STAFF_DOOR, AGENT).headers["Location"] == CHOICE
    assert browser.get(CHOICE).headers["Location"] == f"{CHOICE}application/"


def test_the_doors_are_apart(browser: Browser, alpha: Caisse) -> None:
    client = {"identifier": ANNE.identifier, "secret": ANNE.secret}
    assert browser.post(STAFF_DOOR, client).status_code == 200
    assert browser.post(SIGN_IN, AGENT).status_code == 200
    as_mail = {"identifier": "anne@alpha.example.org", "secret": ANNE.secret}
    assert browser.post(STAFF_DOOR, as_mail).status_code == 200


def test_they_are_closed_for_a_while_and_not_until_an_agency_opens(browser: Browser, ruled: Caisse) -> None:
    answers = [browser.post(STAFF_DOOR, {**AGENT, "secret": "Pas-le-bon-0!"}) for _ in range(5)]
    assert "Vous pourrez réessayer dans" in said(answers[-1])


def test_they_leave_by_their_own_door(browser: Browser, alpha: Caisse) -> None:
    with_application(alpha, user_of(alpha, kind=User.Kind.STAFF))
    browser.post(STAFF_DOOR, AGENT)
    assert browser.post(SIGN_OUT).headers["Location"] == STAFF_DOOR
    browser.post(STAFF_DOOR, AGENT)
    enter_code(browser, application_shows())
    assert browser.post(SIGN_OUT).headers["Location"] == f"{STAFF_DOOR}?deconnecte=1"


def test_their_session_lasts_as_long_as_their_own_rules_say(
    browser: Browser, alpha: Caisse, clock: Clock
) -> None:
    publish(alpha, {"session": {"idle": "2 min"}})
    with_application(alpha, user_of(alpha, kind=User.Kind.STAFF))
    browser.post(STAFF_DOOR, AGENT)
    enter_code(browser, application_shows())
    with tenant_context(alpha):
        idle = staff_policy(current_policy()).session.idle
    assert idle > timedelta(minutes=2)
    clock.move(minutes=3)
    assert browser.get(STAFF_DOOR).status_code == 302
    clock.move(seconds=idle.total_seconds() + 1)
    assert browser.get(STAFF_DOOR).status_code == 200


def test_the_brand_and_the_words_stay_the_caisse_s_own(alpha: Caisse) -> None:
    with tenant_context(alpha):
        policy = current_policy()
        staff = staff_policy(policy)
    assert (staff.brand, staff.texts, staff.senders) == (policy.brand, policy.texts, policy.senders)
    assert staff.identifier.kind == "email"
    assert staff.second_factor.methods == ("totp",)

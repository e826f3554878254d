"""The terms of use: shown once for each version, after everything else; the answer is kept for good."""

import re
import tomllib

import pytest
from django.conf import settings
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import TermsAnswer, User
from tenants.models import Caisse
from tenants.policy.current import current_policy
from tests.clock import Clock
from tests.identity.keypads import PIN, PIN_ALONE, with_pin
from tests.identity.steps import (
    SIGN_IN,
    SIGN_OUT,
    enter_code,
    enter_secret,
    events,
    publish,
    put_in,
    said,
    sms_codes,
    user_of,
)
from tests.identity.waiting import CHOOSE, LETTER, MUTUAL, NIR, NIR_KEPT, letter_codes, newcomer, send
from tests.world import ANNE

TERMS, OWN = "/connexion/conditions/", "/securite/conditions/"
TEXT = {"fr": "Première phrase.\n\n<b>Seconde</b> phrase.", "en": "First sentence."}


def terms(*, version: str = "2026-11", required: bool = False) -> dict[str, object]:
    return {"terms": {"version": version, "required": required, "text": TEXT}}


def come(browser: Browser, caisse: Caisse) -> str:
    """Both steps; where the second leads."""
    enter_secret(browser)
    where: str = enter_code(browser, sms_codes(caisse)[-1]).headers["Location"]
    return where


def answers(caisse: Caisse) -> list[tuple[str, bool]]:
    with tenant_context(caisse):
        return list(TermsAnswer.objects.order_by("id").values_list("version", "accepted"))


def test_without_a_version_nothing_is_shown(alpha: Caisse, browser: Browser) -> None:
    assert come(browser, alpha) == "/"
    assert browser.get(OWN).status_code == 404


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_demos_page_says_once_that_one_may_refuse(alpha: Caisse, browser: Browser, language: str) -> None:
    """The page itself says it: words of a caisse that repeat it make people look for a difference."""
    of_cpms = tomllib.loads((settings.BASE_DIR / "fixtures/caisses/cpms.toml").read_text())
    publish(alpha, {"terms": of_cpms["terms"]})
    come(browser, alpha)
    page = said(browser.get(TERMS, headers={"Accept-Language": language}))
    sentences = re.sub(r"<(title|button)\b.*?</\1>", "", page)
    assert len(re.findall(r"\baccept(?:ez|er|)\b", sentences)) == 1


@pytest.mark.parametrize(("button", "accepted"), [("accept", True), ("decline", False)])
def test_optional_terms_are_shown_once_and_open_the_space_either_way(
    alpha: Caisse, browser: Browser, clock: Clock, button: str, *, accepted: bool
) -> None:
    publish(alpha, terms())
    assert come(browser, alpha) == TERMS
    page = browser.get(TERMS)
    assert "Première phrase." in said(page)
    assert "&lt;b&gt;Seconde" in said(page)
    assert browser.get("/").status_code == 302
    assert browser.post(TERMS, {button: "1"}).headers["Location"] == "/"
    assert browser.get("/").status_code == 200
    assert answers(alpha) == [("2026-11", accepted)]
    browser.post(SIGN_OUT)
    clock.move(minutes=1)
    assert come(browser, alpha) == "/"


def test_the_session_keeps_the_device_of_the_second_step(alpha: Caisse, browser: Browser) -> None:
    """It was proved in the request before the page of the terms."""
    publish(alpha, terms())
    come(browser, alpha)
    browser.post(TERMS, {"accept": "1"})
    with tenant_context(alpha):
        assert browser.session["otp_device_id"].startswith("identity.smsdevice/")


def test_required_terms_are_accepted_or_one_leaves(alpha: Caisse, browser: Browser, clock: Clock) -> None:
    publish(alpha, terms(required=True))
    come(browser, alpha)
    assert "Continuer sans accepter" not in said(browser.get(TERMS))
    assert browser.post(TERMS, {"decline": "1"}).status_code == 200
    assert answers(alpha) == []
    browser.post(SIGN_OUT)
    assert browser.get(TERMS).headers["Location"] == SIGN_IN
    clock.move(minutes=1)
    come(browser, alpha)
    assert browser.post(TERMS, {"accept": "1"}).headers["Location"] == "/"


def test_what_was_declined_is_asked_again_once_it_is_required_and_so_is_a_new_version(
    alpha: Caisse, browser: Browser, clock: Clock
) -> None:
    publish(alpha, terms())
    come(browser, alpha)
    browser.post(TERMS, {"decline": "1"})
    for rules in (terms(required=True), terms(version="2027-01")):
        browser.post(SIGN_OUT)
        clock.move(minutes=1)
        publish(alpha, rules)
        assert come(browser, alpha) == TERMS
        browser.post(TERMS, {"accept": "1"})
    assert answers(alpha) == [("2026-11", False), ("2026-11", True), ("2027-01", True)]


def test_an_answer_says_what_text_was_answered_in_which_language_and_when(
    alpha: Caisse, browser: Browser, clock: Clock
) -> None:
    publish(alpha, terms())
    browser.cookies["guichet_language"] = "en"
    come(browser, alpha)
    assert "First sentence." in said(browser.get(TERMS))
    browser.post(TERMS, {"accept": "1"})
    browser.post(TERMS, {"accept": "1"})
    with tenant_context(alpha):
        row = TermsAnswer.objects.get()
        assert row.digest == current_policy().terms.digest
    assert (row.who, row.language, row.at) == (user_of(alpha).uuid, "en", clock.now)
    assert events(alpha).count("terms.accepted") == 1


def test_what_was_declined_can_be_accepted_later(alpha: Caisse, browser: Browser) -> None:
    publish(alpha, terms())
    come(browser, alpha)
    browser.post(TERMS, {"decline": "1"})
    assert "Vous n’avez pas accepté" in said(browser.get("/securite/"))
    assert "Première phrase." in said(browser.get(OWN))
    assert "nous avons noté" in said(browser.post(OWN, {"accept": "1"}, follow=True))
    assert "Vous avez accepté la version 2026-11" in said(browser.get("/securite/"))


def test_an_account_that_changes_meanwhile_begins_again(alpha: Caisse, browser: Browser) -> None:
    publish(alpha, terms())
    come(browser, alpha)
    with tenant_context(alpha):
        User.objects.filter(pk=1).update(is_active=False)
    assert browser.post(TERMS, {"accept": "1"}).headers["Location"] == SIGN_IN
    assert answers(alpha) == []


def test_staff_are_shown_none(alpha: Caisse, browser: Browser) -> None:
    publish(alpha, terms())
    staff = put_in(browser, alpha, user_of(alpha, kind=User.Kind.STAFF))
    assert "conditions" not in said(staff.get("/agence/securite/"))
    assert staff.get("/agence/securite/conditions/").status_code == 404


def test_at_a_first_connection_they_come_after_the_pin(alpha: Caisse, browser: Browser) -> None:
    """E3: the code of the letter, the PIN twice, then the terms, which one is free to accept."""
    publish(alpha, {**MUTUAL, **terms()}, instead_of="identifier")
    send(alpha, newcomer(alpha, identifier=NIR_KEPT))
    browser.post(LETTER, {"identifier": NIR, "code": letter_codes(alpha)[0]})
    assert browser.post(CHOOSE, {"pin": PIN, "again": PIN}).headers["Location"] == TERMS
    assert browser.post(TERMS, {"accept": "1"}).headers["Location"] == "/"
    assert browser.get("/").status_code == 200


def test_where_no_second_step_is_asked_they_come_right_after_the_secret(
    alpha: Caisse, browser: Browser
) -> None:
    publish(
        alpha,
        {
            "secret": {"kind": "pin"},
            "second_factor": {"required": False, "methods": []},
            **PIN_ALONE,
            **terms(),
        },
    )
    with_pin(alpha, user_of(alpha))
    answer = browser.post(SIGN_IN, {"identifier": ANNE.identifier, "secret": PIN})
    assert answer.headers["Location"] == TERMS
    assert browser.get(SIGN_IN).status_code == 200

"""A forgotten secret, by a link in a mail and a code by SMS together: Paris (D1 to D3)."""

from typing import Any

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import SecretTried
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.forgetting import (
    CHOOSE,
    CODE,
    DONE,
    PARIS,
    RECOVER,
    Worker,
    ask,
    codes,
    latest,
    links,
    outbox,
    whys,
)
from tests.identity.steps import SIGN_IN, address_failures, events, failures, publish, said, user_of
from tests.identity.waiting import PASSWORD, twice
from tests.world import ANNE


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Worker:
    return Worker(monkeypatch)


@pytest.fixture
def sent(alpha: Caisse, browser_at: BrowserAt, worker: Worker) -> Caisse:
    """Anne has just been sent both."""
    publish(alpha, {**PARIS, "texts": {"opening_hours": {"fr": "De 9 h à 16 h 30.", "en": "9 to 4.30."}}})
    ask(browser_at(ANNE.host))
    worker.run()
    return alpha


@pytest.fixture
def behind(sent: Caisse, browser: Browser) -> Browser:
    """Who has opened the link."""
    browser.get(links(sent)[-1])
    return browser


def choose(browser: Browser, code: str, password: str = PASSWORD) -> Any:
    return browser.post(CHOOSE, {"code": code, **twice(password)})


def other(code: str) -> str:
    """As long, of the same alphabet, and not right."""
    return ("A" if code[0] != "A" else "B") + code[1:]


def test_a_link_and_a_code_leave_at_once(sent: Caisse) -> None:
    (mail,), (text,) = outbox(sent, kind="recovery_link"), outbox(sent, kind="recovery_code")
    assert (text["channel"], text["to"]) == ("sms", ANNE.phone)
    assert (len(codes(sent)[0]), "12 heures" in text["text"].replace("\u00a0", " ")) == (5, True)
    assert "12\u00a0heures" in mail["text"]
    assert codes(sent)[0] not in mail["text"] + mail["html"]
    assert not set("0Oo1lI") & set(codes(sent)[0])


def test_the_mail_has_the_caisse_in_its_subject_and_its_address_and_hours_in_its_signature(
    sent: Caisse,
) -> None:
    (mail,) = outbox(sent, kind="recovery_link")
    assert mail["subject"].startswith("Caisse Alpha")
    for part in ("text", "html"):
        for words in ("1 rue de Alpha", "De 9", "Merci de ne pas répondre à ce message."):
            assert words in mail[part]


def test_both_and_a_new_password_lead_to_a_page_that_leads_to_the_sign_in(
    sent: Caisse, behind: Browser
) -> None:
    page = said(behind.get(CHOOSE))
    assert "Code reçu par SMS" in page
    assert ('name="code"' in page, "Les majuscules et les minuscules comptent." in page) == (True, True)
    assert choose(behind, codes(sent)[0]).headers["Location"] == DONE
    page = said(behind.get(DONE))
    assert ("Votre mot de passe est changé" in page, f'href="{SIGN_IN}"' in page) == (True, True)
    assert user_of(sent).check_password(PASSWORD)
    assert (failures(sent), address_failures(sent)) == (0, 1)  # the one of the request


def test_neither_half_works_alone(sent: Caisse, behind: Browser, browser_at: BrowserAt) -> None:
    """The link without the code; the code without the link, for which there is no page, nor a row that it opens."""
    answer = behind.post(CHOOSE, twice())
    assert "Saisissez le code que vous avez reçu." in said(answer)
    without_link = browser_at(ANNE.host)
    typed = {"identifier": ANNE.identifier, "code": codes(sent)[0]}
    assert without_link.post(CODE, typed).status_code == 404
    # Not even where those without an address are sent codes that are typed alone.
    publish(sent, {"recovery": {"proofs_without_email": ["sms_code"]}})
    assert "n’est pas le bon" in said(without_link.post(CODE, typed))
    assert choose(without_link, codes(sent)[0]).headers["Location"] == SIGN_IN
    assert user_of(sent).check_password(ANNE.secret)


def test_capitals_and_small_letters_are_told_apart(
    alpha: Caisse, browser: Browser, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(alpha, PARIS)
    monkeypatch.setattr("tenant_apps.identity.recoveries.draw", lambda **_: "aB3cD")
    ask(browser)
    worker.run()
    browser.get(links(alpha)[0])
    for typed, left in (("Ab3Cd", 4), ("ab3cd", 3), ("AB3CD", 2)):
        assert f"Ce code n’est pas le bon. Il vous reste {left} essais." in said(choose(browser, typed))
    assert choose(browser, "aB3cD").headers["Location"] == DONE


def test_a_wrong_code_counts_everywhere_and_a_few_put_an_end_to_the_recovery(
    sent: Caisse, behind: Browser, browser_at: BrowserAt
) -> None:
    publish(sent, {"lockout": {"max_failures": 10}})
    right = codes(sent)[0]
    before = address_failures(sent)
    answers = [choose(behind, other(right)) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [410]
    assert "Il vous reste 1 essai." in said(answers[3])
    assert (failures(sent), address_failures(sent) - before, latest(sent).tries_left) == (5, 5, 0)
    assert choose(behind, right).status_code == 410
    assert browser_at(ANNE.host).get(links(sent)[0]).status_code == 410
    assert whys(sent, kind="recovery.closed") == ["wrong_codes"]
    assert events(sent).count("recovery.wrong_code") == 5
    with tenant_context(sent):
        assert SecretTried.objects.exists()
    assert user_of(sent).check_password(ANNE.secret)


def test_a_password_to_mend_costs_no_try_and_a_code_of_a_wrong_form_counts_nowhere(
    sent: Caisse, behind: Browser
) -> None:
    before = address_failures(sent)
    assert "Il en faut 12 au moins." in said(choose(behind, codes(sent)[0], "court"))
    assert "Ce code a 5 signes." in said(choose(behind, "abc"))
    assert "que des lettres et des chiffres" in said(choose(behind, "é" * 5))
    assert (latest(sent).tries_left, failures(sent), address_failures(sent)) == (5, 0, before)


def test_they_live_twelve_hours_and_only_the_latest_pair_serves(
    sent: Caisse, browser_at: BrowserAt, worker: Worker, clock: Clock
) -> None:
    clock.move(hours=1)
    ask(browser_at(ANNE.host))
    worker.run()
    first, second = links(sent)
    assert browser_at(ANNE.host).get(first).status_code == 410
    browser = browser_at(ANNE.host)
    browser.get(second)
    assert "n’est pas le bon" in said(choose(browser, codes(sent)[0]))
    clock.move(hours=11, minutes=59)
    assert browser.get(second).headers["Location"] == CHOOSE
    clock.move(minutes=1)
    assert browser.get(second).status_code == 410


def test_what_serves_together_lapses_together(alpha: Caisse, browser: Browser, worker: Worker) -> None:
    """Whatever a policy says: the shorter of the two lifetimes is that of both, and what both messages print."""
    rules = PARIS["recovery"] | {"code": PARIS["recovery"]["code"] | {"lifetime": "1 h"}}
    publish(alpha, {"recovery": rules})
    assert ask(browser).headers["Location"] != RECOVER
    worker.run()
    for kind in ("recovery_link", "recovery_code"):
        (message,) = outbox(alpha, kind=kind)
        assert "1 heure" in message["text"].replace("\u00a0", " ")

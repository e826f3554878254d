"""A forgotten secret, by a link in a mail: Nîmes (A5) and Nantes (C9)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.identity.end_sessions import end_sessions
from tenant_apps.identity.models import User
from tenant_apps.journal.models import Event
from tenant_apps.messaging.models import Message
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.forgetting import (
    CHOOSE,
    DONE,
    NEXT,
    NIMES,
    RECOVER,
    Worker,
    ask,
    latest,
    links,
    outbox,
    whys,
)
from tests.identity.steps import (
    CODE,
    SIGN_IN,
    WRONG,
    counter,
    enter_code,
    enter_secret,
    events,
    failures,
    mails,
    publish,
    said,
    sign_in,
    sms_codes,
    user_of,
)
from tests.identity.waiting import PASSWORD, twice
from tests.world import ANNE, BRUNO

_TOKEN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w{64}')
NEVER_SENT = f"/secret-oublie/lien/{'A' * 43}/"
UNTIL_AGENCY: dict[str, Any] = {"lockout": {"wait": "none", "until_agency": True}}


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Worker:
    return Worker(monkeypatch)


@pytest.fixture
def sent(alpha: Caisse, browser_at: BrowserAt, worker: Worker) -> Caisse:
    """Anne has just been sent a link."""
    ask(browser_at(ANNE.host))
    worker.run()
    return alpha


def renew(browser: Browser, caisse: Caisse, password: str = PASSWORD) -> Any:
    """The latest link, then the new password."""
    browser.get(links(caisse)[-1])
    return browser.post(CHOOSE, twice(password))


def fail(browser: Browser, times: int) -> None:
    for _ in range(times):
        enter_secret(browser, secret=WRONG)


class TestNimes:
    def test_the_identifier_a_link_a_new_password_then_the_sign_in(
        self, alpha: Caisse, browser: Browser, worker: Worker
    ) -> None:
        publish(alpha, NIMES)
        answer = browser.post(RECOVER, {"identifier": "10 0000 0001"})
        page = said(browser.get(answer.headers["Location"]))
        for words in ("Si cet identifiant est le bon", "24 heures", "indésirables", "04 65 71 00 01"):
            assert words in page
        worker.run()
        answer = browser.get(links(alpha)[0])
        assert (answer.status_code, answer.headers["Location"]) == (302, CHOOSE)
        assert "12 caractères au moins" in said(browser.get(CHOOSE))
        answer = browser.post(CHOOSE, twice())
        assert answer.headers["Location"] == DONE
        assert f'href="{SIGN_IN}"' in said(browser.get(DONE))
        # Nobody is in yet, and the second factor of before is asked for.
        assert browser.get("/").headers["Location"].startswith(SIGN_IN)
        enter_secret(browser, secret=ANNE.secret)
        assert enter_secret(browser, secret=PASSWORD).headers["Location"] == CODE
        assert enter_code(browser, sms_codes(alpha)[-1]).headers["Location"] == "/"
        assert events(alpha)[:4] == ["recovery.asked", "recovery.sent", "recovery.opened", "recovery.done"]

    def test_the_mail_says_how_long_and_what_to_do_and_holds_no_identifier(self, sent: Caisse) -> None:
        (mail,) = outbox(sent, kind="recovery_link")
        assert mail["to"] == "client@alpha.example.org"
        for words in ("24\u00a0heures", "12 caractères au moins", "04 65 71 00 01", "une seule fois"):
            assert words in mail["text"].replace("04\u00a065\u00a071\u00a000\u00a001", "04 65 71 00 01")
        assert ANNE.identifier not in mail["text"] + mail["html"]
        assert re.findall(r'<a\s+href="([^"]+)"', mail["html"]) == [
            f"http://alpha.localhost:8000{links(sent)[0]}"
        ]
        assert not re.search(r'src="(?!cid:)|<link|url\(|@import', mail["html"])

    def test_its_words_are_erased_once_sent_or_lapsed(self, sent: Caisse, clock: Clock) -> None:
        with tenant_context(sent):
            message = Message.objects.get(kind="recovery_link")
        assert message.secret
        assert message.expires_at == latest(sent).expires_at == clock.now + timedelta(hours=24)

    def test_the_numbers_are_those_of_the_policy(
        self, alpha: Caisse, browser: Browser, worker: Worker
    ) -> None:
        publish(alpha, {"recovery": {"link_lifetime": "2 h"}, "secret": {"password": {"min_length": 17}}})
        ask(browser)
        worker.run()
        text = mails(alpha, kind="recovery_link")[0]
        assert ("2\u00a0heures" in text, "17 caractères au moins" in text) == (True, True)
        assert "2 heures" in said(browser.get(NEXT)).replace("\u00a0", " ")


class TestNantes:
    def test_it_is_renewed_on_line_and_the_lock_until_the_agency_stays(
        self, alpha: Caisse, browser: Browser, worker: Worker
    ) -> None:
        publish(alpha, {**UNTIL_AGENCY, "secret": {"password": {"min_length": 8}}})
        fail(browser, 5)
        ask(browser)
        worker.run()
        answer = renew(browser, alpha, "Brise-12")
        assert answer.headers["Location"] == f"{DONE}?ferme=agence"
        page = said(browser.get(answer.headers["Location"]))
        assert ("Seule votre agence peut le rouvrir" in page, "04 65 71 00 01" in page) == (True, True)
        assert "Cet accès est fermé" in said(enter_secret(browser, secret="Brise-12"))

    def test_blind_the_new_password_still_takes_both_steps(
        self, alpha: Caisse, browser: Browser, worker: Worker
    ) -> None:
        publish(alpha, {"second_factor": {"blind": True}})
        ask(browser)
        worker.run()
        assert renew(browser, alpha).headers["Location"] == DONE
        assert enter_secret(browser, secret=PASSWORD).headers["Location"] == CODE


@pytest.mark.parametrize(
    ("lifts", "lockout", "open_"),
    [
        ("nothing", {}, False),
        ("waiting", {}, True),
        ("everything", {}, True),
        ("waiting", UNTIL_AGENCY["lockout"], False),
        ("everything", UNTIL_AGENCY["lockout"], True),
    ],
)
def test_what_a_new_secret_does_to_a_lock_is_the_policy_s_to_say(
    alpha: Caisse, browser: Browser, worker: Worker, lifts: str, lockout: dict[str, Any], *, open_: bool
) -> None:
    publish(alpha, {"lockout": lockout, "recovery": {"lifts": lifts}})
    fail(browser, 5)
    ask(browser)
    worker.run()
    assert ("ferme" not in renew(browser, alpha).headers["Location"]) is open_
    opened = enter_secret(browser, secret=PASSWORD).status_code == 302
    assert opened is open_


def test_the_day_s_total_stays_when_only_what_waits_is_lifted(
    alpha: Caisse, browser: Browser, worker: Worker
) -> None:
    """A mailbox does not buy endless guesses."""
    fail(browser, 5)
    ask(browser)
    worker.run()
    renew(browser, alpha)
    found = counter(alpha)
    assert found is not None
    assert (found.failures, found.day_total) == (0, 5)


def test_every_session_of_before_ends(sent: Caisse, browser_at: BrowserAt) -> None:
    old, half, new = (browser_at(ANNE.host) for _ in range(3))
    sign_in(old, sent)
    enter_secret(half)
    assert old.get("/").status_code == 200
    renew(new, sent)
    assert old.get("/").status_code == 302
    assert enter_code(half, sms_codes(sent)[-1]).headers.get("Location") != "/"


class TestLink:
    def test_opening_it_consumes_nothing_and_its_token_stays_nowhere(
        self, sent: Caisse, browser_at: BrowserAt
    ) -> None:
        path = links(sent)[0]
        token = path.split("/")[-2]
        scanner, browser = browser_at(ANNE.host), browser_at(ANNE.host)
        scanner.head(path)
        scanner.get(path, follow=True)
        answer = browser.get(path)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert token not in answer.headers["Location"] + said(browser.get(CHOOSE))
        with tenant_context(sent):
            assert token not in str(browser.session.items())
        assert answer.wsgi_request.path == "/secret-oublie/lien/…/"
        assert events(sent).count("recovery.opened") == 1

    def test_it_serves_once(self, sent: Caisse, browser_at: BrowserAt) -> None:
        first, second = browser_at(ANNE.host), browser_at(ANNE.host)
        for browser in (first, second):
            browser.get(links(sent)[0])
        first.post(CHOOSE, twice())
        answer = second.post(CHOOSE, twice("Un-autre-cerf-volant-52!"))
        assert (answer.status_code, "Cette demande ne sert plus" in said(answer)) == (410, True)
        assert user_of(sent).check_password(PASSWORD)
        assert whys(sent, kind="recovery.closed") == ["used"]

    def test_it_lives_as_long_as_the_policy_says(self, sent: Caisse, browser: Browser, clock: Clock) -> None:
        clock.move(hours=23, minutes=59)
        browser.get(links(sent)[0])
        assert browser.get(CHOOSE).status_code == 200
        clock.move(minutes=1)
        assert browser.post(CHOOSE, twice()).status_code == 410
        assert user_of(sent).check_password(ANNE.secret)

    def test_it_opens_nothing_at_another_caisse(
        self, sent: Caisse, beta: Caisse, browser_at: BrowserAt, worker: Worker
    ) -> None:
        """Beta has somebody of the same key and identifier, who asked too."""
        ask(browser_at(BRUNO.host))
        worker.run()
        browser = browser_at(BRUNO.host)
        assert browser.get(links(sent)[0], follow=True).status_code == 410
        assert browser.get(CHOOSE).headers["Location"] == SIGN_IN
        assert user_of(beta).check_password(BRUNO.secret)

    def test_what_was_done_to_the_account_since_puts_an_end_to_it(
        self, sent: Caisse, browser: Browser
    ) -> None:
        """Whatever ends the sessions of an account: a phone replaced or devices forgotten at the counter."""
        browser.get(links(sent)[0])
        with tenant_context(sent):
            end_sessions(user=user_of(sent))
        assert browser.post(CHOOSE, twice()).status_code == 410

    def test_what_opens_nothing_is_told_alike_whatever_the_reason(
        self, sent: Caisse, browser_at: BrowserAt, worker: Worker, clock: Clock
    ) -> None:
        """Used, replaced, lapsed, never sent."""
        renew(browser_at(ANNE.host), sent)
        for _ in range(2):
            clock.move(minutes=1)
            ask(browser_at(ANNE.host))
            worker.run()
        clock.move(days=1)
        pages = set()
        for path in (*links(sent), NEVER_SENT, f"{NEVER_SENT[:-1]}%00é{'x' * 300}/"):
            answer = browser_at(ANNE.host).get(path, follow=True)
            pages.add((answer.status_code, _TOKEN.sub("", said(answer))))
        assert len(pages) == 1
        (status, page) = pages.pop()
        assert (status, f'href="{RECOVER}"' in page, "Prénom" in page) == (410, True, False)

    def test_a_closed_account_stays_closed(self, sent: Caisse, browser: Browser) -> None:
        with tenant_context(sent):
            User.objects.filter(pk=1).update(is_active=False)
        assert browser.get(links(sent)[0]).status_code == 410

    def test_without_a_link_there_is_nothing_to_choose(self, browser: Browser, alpha: Caisse) -> None:
        assert browser.get(CHOOSE).headers["Location"] == SIGN_IN
        assert browser.post(CHOOSE, twice()).headers["Location"] == SIGN_IN

    def test_the_rules_of_a_new_password_hold(self, sent: Caisse, browser: Browser) -> None:
        browser.get(links(sent)[0])
        assert "Il en faut 12 au moins." in said(browser.post(CHOOSE, twice("court")))
        assert "Les deux mots de passe" in said(browser.post(CHOOSE, twice() | {"again": "autre"}))
        assert (failures(sent), latest(sent).used_at) == (0, None)


class TestTelling:
    def test_the_client_learns_of_it_by_the_way_that_brought_no_proof(
        self, sent: Caisse, browser: Browser
    ) -> None:
        renew(browser, sent)
        (told,) = outbox(sent, kind="recovery_done")
        assert (told["channel"], told["to"]) == ("sms", ANNE.phone)
        assert told["otherwise"]["to"] == "client@alpha.example.org"
        assert "Appelez l’agence au 04 65 71 00 01" in told["text"].replace("'", "’")

    def test_by_mail_when_no_mobile_is_on_file(self, sent: Caisse, browser: Browser) -> None:
        with tenant_context(sent):
            Client.objects.update(mobile="")
        renew(browser, sent)
        (told,) = outbox(sent, kind="recovery_done")
        assert (told["channel"], "Ce n’était pas vous" in told["text"]) == ("mail", True)

    def test_the_journal_names_nobody(self, sent: Caisse, browser: Browser) -> None:
        renew(browser, sent)
        with tenant_context(sent):
            told = str(list(Event.objects.filter(kind__startswith="recovery").values()))
        assert str(user_of(sent).uuid) in told
        assert not [word for word in (ANNE.identifier, "client@", "Prénom", ANNE.phone) if word in told]

"""A forgotten PIN, by a code in a mail or in a letter, then a PIN on two keypads: CPMS (E2)."""

import re
from typing import Any

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import User
from tenant_apps.identity.pin_hashes import pin_matches
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.forgetting import (
    CHOOSE,
    CODE,
    DONE,
    MUTUAL,
    NEW_PIN,
    RECOVER,
    Worker,
    ask,
    codes,
    latest,
    member,
    outbox,
    whys,
)
from tests.identity.keypads import PIN, drawn, pressed
from tests.identity.steps import SIGN_IN, events, failures, publish, queued, said, wrong_code
from tests.identity.waiting import NIR, NIR_KEPT
from tests.world import ANNE, BRUNO

REFUSED = "Ce code n’est pas le bon, ou il n’est plus valable."


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Worker:
    return Worker(monkeypatch)


@pytest.fixture
def mutual(alpha: Caisse, worker: Worker) -> Caisse:
    publish(alpha, MUTUAL, instead_of="identifier")
    return alpha


def has_pin(caisse: Caisse, user: User, pin: str) -> bool:
    with tenant_context(caisse):
        return pin_matches(pin, User.objects.get(pk=user.pk).password)


def asked(browser: Browser, worker: Worker) -> None:
    assert ask(browser, NIR).headers["Location"] == CODE
    worker.run()


def on_keypads(browser: Browser, pin: str) -> Any:
    page = browser.get(CHOOSE)
    first, second = drawn(page, "pin"), drawn(page, "again")
    assert first.token != second.token
    return browser.post(
        CHOOSE, {**pressed(first, pin, prefix="pin-"), **pressed(second, pin, prefix="again-")}
    )


class TestByMail:
    def test_a_code_is_mailed_checked_then_the_pin_is_chosen_on_fresh_keypads(
        self, mutual: Caisse, browser: Browser, worker: Worker
    ) -> None:
        user = member(mutual)
        assert "Code secret oublié" in said(browser.get(SIGN_IN))
        asked(browser, worker)
        page = said(browser.get(CODE)).replace("\u00a0", " ")
        assert ("10 minutes" in page, 'name="identifier"' in page) == (True, False)
        (mail,) = outbox(mutual, kind="recovery_code")
        assert (mail["channel"], bool(re.fullmatch(r"\d{6}", codes(mutual)[0]))) == ("mail", True)
        assert NIR_KEPT not in mail["text"] + mail["html"] + mail["subject"]
        assert browser.post(CODE, {"code": codes(mutual)[0]}).headers["Location"] == CHOOSE
        assert on_keypads(browser, NEW_PIN).headers["Location"] == DONE
        assert "Votre code secret est changé" in said(browser.get(DONE))
        assert has_pin(mutual, user, NEW_PIN)
        assert browser.get("/").status_code == 302
        answer = browser.post(SIGN_IN, {"identifier": NIR, "secret": NEW_PIN})
        assert answer.headers["Location"] == "/"
        (told,) = outbox(mutual, kind="recovery_done")
        assert (told["channel"], "code secret est chang" in told["text"]) == ("sms", True)

    def test_the_next_leaves_when_the_page_says_so_which_is_when_the_one_before_has_lapsed(
        self, mutual: Caisse, browser: Browser, worker: Worker, clock: Clock
    ) -> None:
        member(mutual)
        asked(browser, worker)
        page = said(browser.get(CODE)).replace("\u00a0", " ")
        assert "Le suivant part 10 minutes après au plus tôt" in page
        assert "Tant que le code d’une lettre est valable, il n’en part pas d’autre." in page
        for minutes, sent in ((9, 1), (1, 2)):
            clock.move(minutes=minutes)
            asked(browser, worker)
            assert len(codes(mutual)) == sent

    def test_neither_the_session_nor_the_job_has_the_number(
        self, mutual: Caisse, browser: Browser, worker: Worker
    ) -> None:
        member(mutual)
        ask(browser, NIR)
        with tenant_context(mutual):
            assert NIR_KEPT not in str(browser.session.items())
        assert NIR_KEPT not in str(worker.asked)

    def test_a_weak_pin_is_refused_and_the_twins_of_the_keypads_serve_too(
        self, mutual: Caisse, browser: Browser, worker: Worker
    ) -> None:
        user = member(mutual)
        asked(browser, worker)
        browser.post(CODE, {"code": codes(mutual)[0]})
        assert "Ces chiffres se suivent" in said(browser.post(CHOOSE, {"pin": "123456", "again": "123456"}))
        assert browser.post(CHOOSE, {"pin": NEW_PIN, "again": NEW_PIN}).headers["Location"] == DONE
        assert has_pin(mutual, user, NEW_PIN)

    def test_it_lives_as_long_as_the_policy_says_and_the_latest_alone_serves_once(
        self, mutual: Caisse, browser_at: BrowserAt, worker: Worker, clock: Clock
    ) -> None:
        publish(mutual, {"recovery": {"code": {"lifetime": "20 min"}}})
        user, browser = member(mutual), browser_at(ANNE.host)
        asked(browser, worker)
        clock.move(minutes=16)
        asked(browser, worker)
        clock.move(minutes=2)
        if codes(mutual)[0] != codes(mutual)[1]:
            assert REFUSED in said(browser.post(CODE, {"code": codes(mutual)[0]}))
        second = browser_at(ANNE.host)
        for each in (browser, second):
            each.post(CODE, {"identifier": NIR, "code": codes(mutual)[1]})
        assert on_keypads(browser, NEW_PIN).headers["Location"] == DONE
        assert second.post(CHOOSE, {"pin": PIN, "again": PIN}).status_code == 410
        asked(second, worker)
        clock.move(minutes=20)
        assert REFUSED in said(second.post(CODE, {"identifier": NIR, "code": codes(mutual)[2]}))
        assert has_pin(mutual, user, NEW_PIN)

    def test_a_few_wrong_codes_kill_it_and_count_on_the_account(
        self, mutual: Caisse, browser: Browser, worker: Worker
    ) -> None:
        member(mutual)
        asked(browser, worker)
        right = codes(mutual)[0]
        answers = [said(browser.post(CODE, {"code": wrong_code(right)})) for _ in range(3)]
        assert [REFUSED in answer for answer in answers] == [True] * 3
        assert "4 essais" in answers[0]
        assert (failures(mutual, identifier=NIR_KEPT), latest(mutual).tries_left) == (3, 0)
        assert REFUSED in said(browser.post(CODE, {"code": right}))
        assert events(mutual).count("recovery.wrong_code") == 4

    def test_a_right_code_gives_its_counts_back_and_a_wait_does_not_refuse_it(
        self, mutual: Caisse, browser: Browser, worker: Worker
    ) -> None:
        """A recovery is a way out of a wait; what guessing may cost is bound by its own tries."""
        member(mutual)
        for _ in range(5):
            browser.post(SIGN_IN, {"identifier": NIR, "secret": "111222"})
        asked(browser, worker)
        assert browser.post(CODE, {"code": codes(mutual)[0]}).headers["Location"] == CHOOSE
        assert latest(mutual).tries_left == 3
        assert on_keypads(browser, NEW_PIN).headers["Location"] == DONE
        assert browser.post(SIGN_IN, {"identifier": NIR, "secret": NEW_PIN}).headers["Location"] == "/"

    def test_a_code_of_one_member_opens_nothing_for_another_nor_at_another_caisse(
        self, mutual: Caisse, beta: Caisse, browser_at: BrowserAt, worker: Worker
    ) -> None:
        member(mutual)
        asked(browser_at(ANNE.host), worker)
        publish(beta, MUTUAL, instead_of="identifier")
        member(beta)
        browser = browser_at(BRUNO.host)
        asked(browser, worker)
        if codes(mutual) != codes(beta):
            assert REFUSED in said(browser.post(CODE, {"code": codes(mutual)[0]}))
        assert browser.post(CODE, {"code": codes(beta)[0]}).headers["Location"] == CHOOSE


class TestByLetter:
    @pytest.fixture
    def lea(self, mutual: Caisse, browser_at: BrowserAt, worker: Worker) -> User:
        """Has no e-mail address; a letter has just been written."""
        user = member(mutual, email="", mobile="")
        asked(browser_at(ANNE.host), worker)
        return user

    def test_the_code_comes_by_post_and_is_typed_with_the_number(
        self, mutual: Caisse, lea: User, browser: Browser, clock: Clock
    ) -> None:
        (letter,) = outbox(mutual, kind="recovery_code")
        address = "Mme Léa Girard-Lopez\nAppartement 4\n8 rue du Puits\n30000 Nîmes\n"
        assert letter["channel"] == "letter"
        for words in (
            address,
            "http://alpha.localhost:8000/secret-oublie/code/",
            "code secret de 6 chiffres",
        ):
            assert words in letter["text"]
        assert NIR_KEPT not in letter["text"]
        clock.move(days=14, hours=23)
        assert f'href="{CODE}"' in said(browser.get(RECOVER))
        typed = {"identifier": NIR, "code": codes(mutual)[0]}
        assert browser.post(CODE, typed).headers["Location"] == CHOOSE
        assert on_keypads(browser, NEW_PIN).headers["Location"] == DONE
        assert has_pin(mutual, lea, NEW_PIN)

    def test_it_lapses_as_the_policy_says(
        self, mutual: Caisse, lea: User, browser: Browser, clock: Clock
    ) -> None:
        clock.move(days=15)
        answer = browser.post(CODE, {"identifier": NIR, "code": codes(mutual)[0]})
        assert REFUSED in said(answer)

    def test_whoever_asks_meanwhile_does_not_make_a_letter_worthless(
        self, mutual: Caisse, lea: User, browser: Browser, worker: Worker, clock: Clock
    ) -> None:
        clock.move(days=1)
        asked(browser, worker)
        assert (whys(mutual), queued(mutual)) == (["letter_lives"], 1)
        assert browser.post(CODE, {"code": codes(mutual)[0]}).headers["Location"] == CHOOSE


def test_without_a_proof_for_those_without_an_address_nothing_leaves(
    mutual: Caisse, browser: Browser, worker: Worker
) -> None:
    publish(mutual, {"recovery": {"proofs_without_email": []}})
    member(mutual, email="")
    asked(browser, worker)
    assert (queued(mutual), whys(mutual)) == (0, ["agency"])

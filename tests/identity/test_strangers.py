"""Who only knows an identifier, or holds a link alone, ends nothing of its owner's and learns nothing of them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.identity.models import User
from tenant_apps.identity.send_recovery import send_recovery
from tenant_apps.messaging.models import Message
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.forgetting import (
    CHOOSE,
    CODE,
    DONE,
    MUTUAL,
    NEXT,
    PARIS,
    Worker,
    ask,
    codes,
    latest,
    links,
    member,
    whys,
)
from tests.identity.steps import (
    NOBODY_HAS_IT,
    WRONG,
    address_failures,
    events,
    failures,
    mails,
    publish,
    put_in,
    said,
    user_of,
    wrong_code,
)
from tests.identity.test_recovery_asked import seen
from tests.identity.waiting import CHOOSE as FIRST_CHOOSE
from tests.identity.waiting import (
    DIRECT,
    IDENTIFIER,
    LINK,
    NIR,
    NIR_KEPT,
    OWN_SECRET,
    first_passwords,
    newcomer,
    send,
    twice,
)
from tests.identity.waiting import links as activation_links
from tests.world import ANNE

PERSONAL = "contient votre nom, votre identifiant ou votre date de naissance"
GENEROUS = {"robots": "never", "max_failures": 50, "daily_total": 500, "address_max_failures": 500}
BOTH_BY_POST = {
    "recovery": {"proofs": ["email_link", "letter_code"], "proofs_without_email": ["letter_code"]}
}
MOST = 10


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Worker:
    return Worker(monkeypatch)


def sent(caisse: Caisse, user: User, clock: Clock) -> None:
    with tenant_context(caisse):
        send_recovery(user=user, now=clock.now)


def born(number: int) -> str:
    """A new password that is refused, and says so, when that is the day."""
    return f"Cerf-volant {date(1991, 3, 7) + timedelta(days=number):%d%m%Y} !"


class TestLetter:
    @pytest.fixture
    def lea(self, alpha: Caisse, clock: Clock) -> User:
        """Has no e-mail address; a letter has just been written."""
        publish(alpha, MUTUAL | {"lockout": GENEROUS}, instead_of="identifier")
        user = member(alpha, email="", mobile="")
        sent(alpha, user, clock)
        return user

    def test_wrong_codes_make_it_wait_for_the_next_day_and_never_end_it(
        self, alpha: Caisse, lea: User, browser: Browser, clock: Clock
    ) -> None:
        right = codes(alpha)[0].replace(" ", "")
        wrong, typed = {"identifier": NIR, "code": wrong_code(right)}, {"identifier": NIR, "code": right}
        assert len(right) == 8
        for _ in range(3):
            for _ in range(3):
                browser.post(CODE, wrong)
            assert (latest(alpha).tries_left, failures(alpha, identifier=NIR_KEPT)) == (0, 3)
            answer = browser.post(CODE, typed)
            assert (answer.status_code, "ne marche que le lendemain" in said(answer)) == (200, True)
            clock.move(days=1)
        assert browser.post(CODE, typed).headers["Location"] == CHOOSE
        assert latest(alpha).tries_left == 3

    def test_tries_that_are_over_after_the_right_code_do_not_close_the_choice(
        self, alpha: Caisse, lea: User, browser_at: BrowserAt
    ) -> None:
        right = codes(alpha)[0].replace(" ", "")
        owner, stranger = browser_at(ANNE.host), browser_at(ANNE.host)
        owner.post(CODE, {"identifier": NIR, "code": right})
        for _ in range(3):
            stranger.post(CODE, {"identifier": NIR, "code": wrong_code(right)})
        assert latest(alpha).tries_left == 0
        assert owner.post(CHOOSE, {"pin": "962372", "again": "962372"}).headers["Location"] == DONE

    def test_one_letter_is_printed_however_many_were_written(
        self, alpha: Caisse, lea: User, clock: Clock
    ) -> None:
        sent(alpha, lea, clock)
        with tenant_context(alpha):
            states = list(Message.objects.filter(kind="recovery_code").order_by("id").values_list("state"))
        assert states == [(Message.State.REPLACED,), (Message.State.QUEUED,)]

    def test_without_an_address_on_file_it_is_for_the_agency_to_hand_over(
        self, alpha: Caisse, lea: User, clock: Clock
    ) -> None:
        with tenant_context(alpha):
            Client.objects.filter(number="C-77").update(postal_lines="", postcode="", town="")
        sent(alpha, lea, clock)
        text = mails(alpha, kind="recovery_code")[-1]
        assert "Mme Léa Girard-Lopez\nÀ remettre à l’agence\n\n" in text

    def test_it_lives_beside_a_link_too(
        self, alpha: Caisse, browser_at: BrowserAt, worker: Worker, clock: Clock
    ) -> None:
        publish(alpha, BOTH_BY_POST)
        for _ in range(2):
            ask(browser_at(ANNE.host))
            worker.run()
            clock.move(hours=1)
        assert (len(links(alpha)), whys(alpha)) == (1, ["letter_lives"])

    def test_behind_a_link_wrong_codes_make_it_wait_too(
        self, alpha: Caisse, browser: Browser, worker: Worker
    ) -> None:
        publish(alpha, BOTH_BY_POST | {"lockout": GENEROUS})
        ask(browser)
        worker.run()
        browser.get(links(alpha)[0])
        right = codes(alpha)[0].replace(" ", "")
        answers = [browser.post(CHOOSE, {"code": wrong_code(right), **twice()}) for _ in range(5)]
        assert "trop de codes faux aujourd’hui" in said(answers[-1])
        assert browser.post(CHOOSE, {"code": right, **twice()}).status_code == 200


class TestOracle:
    def test_a_link_alone_says_a_few_times_what_is_personal_and_is_closed(
        self, alpha: Caisse, browser: Browser, worker: Worker
    ) -> None:
        publish(alpha, {"lockout": GENEROUS})
        ask(browser)
        worker.run()
        browser.get(links(alpha)[0])
        before = address_failures(alpha)
        typed = twice(f"Bonjour {ANNE.identifier} !")
        answers = [browser.post(CHOOSE, typed) for _ in range(MOST + 1)]
        assert [PERSONAL in said(answer) for answer in answers] == [True] * MOST + [False]
        assert (answers[-1].status_code, address_failures(alpha) - before) == (410, MOST)
        assert browser.post(CHOOSE, twice()).status_code == 410
        assert whys(alpha, kind="recovery.closed") == ["personal"]
        assert user_of(alpha).check_password(ANNE.secret)

    def test_so_does_the_link_of_a_first_connection(self, alpha: Caisse, browser: Browser) -> None:
        publish(alpha, LINK | {"lockout": GENEROUS})
        send(alpha, newcomer(alpha))
        browser.get(activation_links(alpha)[0])
        answers = [browser.post(FIRST_CHOOSE, twice(born(0))) for _ in range(MOST + 1)]
        assert [PERSONAL in said(answer) for answer in answers] == [True] * MOST + [False]
        assert address_failures(alpha) == MOST
        assert browser.post(FIRST_CHOOSE, twice()).status_code == 410
        assert whys(alpha, kind="activation.refused") == ["personal"]

    def test_so_does_a_first_password(self, alpha: Caisse, browser: Browser) -> None:
        publish(alpha, DIRECT | {"lockout": GENEROUS})
        send(alpha, newcomer(alpha))
        browser.post("/connexion/", {"identifier": IDENTIFIER, "secret": first_passwords(alpha)[0]})
        answers = [browser.post(OWN_SECRET, twice(born(0))) for _ in range(MOST + 1)]
        assert [PERSONAL in said(answer) for answer in answers] == [True] * MOST + [False]

    def test_so_does_a_code_before_a_pin(self, alpha: Caisse, browser: Browser, worker: Worker) -> None:
        publish(alpha, MUTUAL | {"lockout": GENEROUS}, instead_of="identifier")
        member(alpha)
        ask(browser, NIR)
        worker.run()
        browser.post(CODE, {"code": codes(alpha)[0]})
        answers = [browser.post(CHOOSE, {"pin": "070391", "again": "070391"}) for _ in range(MOST + 1)]
        assert ["une date de naissance" in said(answer) for answer in answers] == [True] * MOST + [False]

    def test_an_address_that_is_braked_is_told_nothing_more(self, alpha: Caisse, browser: Browser) -> None:
        publish(alpha, LINK | {"lockout": {"address_max_failures": 5, "max_failures": 5}})
        send(alpha, newcomer(alpha))
        browser.get(activation_links(alpha)[0])
        answers = [browser.post(FIRST_CHOOSE, twice(born(0))).status_code for _ in range(7)]
        assert answers == [200] * 5 + [429] * 2

    def test_behind_a_link_the_code_is_judged_first_and_counted(
        self, alpha: Caisse, browser: Browser, worker: Worker
    ) -> None:
        publish(alpha, PARIS)
        ask(browser)
        worker.run()
        browser.get(links(alpha)[0])
        personal, right = twice(f"Bonjour {ANNE.identifier} !"), codes(alpha)[0]
        wrong = ("A" if right[0] != "A" else "B") + right[1:]
        for code, left in (("", 5), ("abc", 5), (wrong, 4)):
            page = said(browser.post(CHOOSE, {"code": code, **personal}))
            assert (PERSONAL in page, latest(alpha).tries_left) == (False, left)
        assert PERSONAL in said(browser.post(CHOOSE, {"code": right, **personal}))
        assert latest(alpha).tries_left == 4

    def test_who_changes_the_secret_brings_the_old_one_first(self, alpha: Caisse, browser: Browser) -> None:
        put_in(browser, alpha, user_of(alpha))
        personal = twice(f"Bonjour {ANNE.identifier} !")
        for old, count in (("", 0), (WRONG, 1)):
            page = said(browser.post("/securite/secret/", {"old": old, **personal}))
            assert (PERSONAL in page, failures(alpha)) == (False, count)
        page = said(browser.post("/securite/secret/", {"old": ANNE.secret, **personal}))
        assert (PERSONAL in page, failures(alpha)) == (True, 1)
        assert events(alpha) == ["secret.change_refused"]


def test_past_the_limit_the_answer_is_the_usual_one_for_all_and_the_last_link_still_opens(
    alpha: Caisse, browser_at: BrowserAt, worker: Worker, hashes: list[str], clock: Clock
) -> None:
    publish(alpha, {"recovery": {"requests_per_day": 2}})
    stories: list[Any] = []
    for identifier in (ANNE.identifier, NOBODY_HAS_IT):
        story = []
        for _ in range(3):
            story.append(seen(browser_at(ANNE.host), alpha, worker, hashes, identifier))
            worker.run()
            clock.move(minutes=16)
        stories.append(story)
    assert stories[0] == stories[1]
    assert [(each.shown.location, each.jobs) for each in stories[0]] == [(NEXT, 1), (NEXT, 1), (NEXT, 0)]
    first, second = links(alpha)
    assert browser_at(ANNE.host).get(first).status_code == 410
    assert browser_at(ANNE.host).get(second).status_code == 302
    clock.move(days=1)
    ask(browser_at(ANNE.host))
    worker.run()
    assert len(links(alpha)) == 3


def test_a_request_voids_nothing_that_was_sent_just_before(
    alpha: Caisse, browser_at: BrowserAt, worker: Worker, clock: Clock
) -> None:
    for _ in range(2):
        ask(browser_at(ANNE.host))
        worker.run()
        clock.move(minutes=14)
    assert (len(links(alpha)), whys(alpha)) == (1, ["just_sent"])
    assert browser_at(ANNE.host).get(links(alpha)[0]).status_code == 302

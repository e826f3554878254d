"""The first connection by a link in a mail."""

import json
import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.tenancy.signing import keyring
from tenant_apps.identity.activation_registry import activation
from tenant_apps.identity.models import AccessCode, User
from tenant_apps.identity.send_activation import CannotSendActivationError, send_activation
from tenant_apps.journal.models import Event
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.rendering import PURPOSE
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.steps import CODE, SIGN_IN, events, mails, publish, said, sms_codes, user_of
from tests.identity.waiting import (
    ASK,
    CHOOSE,
    EMAIL,
    IDENTIFIER,
    LINK,
    PASSWORD,
    again,
    latest,
    links,
    newcomer,
    send,
    twice,
)
from tests.world import ANNE, BRUNO

_TOKEN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w{64}')
NEVER_SENT = f"/premiere-connexion/lien/{'A' * 43}/"


@pytest.fixture
def lea(alpha: Caisse, clock: Clock) -> User:
    """Waits at alpha, whose policy sends a link, and has just been sent one."""
    publish(alpha, LINK)
    user = newcomer(alpha)
    send(alpha, user)
    return user


def html_of_the_mail(caisse: Caisse) -> str:
    with tenant_context(caisse):
        sealed = Message.objects.get(kind="activation_link").sealed
        html: str = json.loads(keyring().open(sealed, purpose=PURPOSE))["html"]
        return html


def test_the_link_leads_to_a_password_and_the_password_into_the_space(
    alpha: Caisse, lea: User, browser: Browser
) -> None:
    answer = browser.get(links(alpha)[0])
    assert (answer.status_code, answer.headers["Location"]) == (302, CHOOSE)
    page = said(browser.get(CHOOSE))
    assert "12 caractères au moins" in page
    answer = browser.post(CHOOSE, twice())
    assert answer.headers["Location"] == f"{SIGN_IN}?actif=1"
    assert "C’est fait." in said(browser.get(answer.headers["Location"]))
    # As it is copied from the frame of the mail.
    browser.post(SIGN_IN, {"identifier": "1234\u202f5678\u202f90", "secret": PASSWORD})
    browser.post("/connexion/second-moyen/sms/envoyer/")
    opened = browser.post("/connexion/second-moyen/sms/", {"code": sms_codes(alpha)[-1]})
    assert opened.headers["Location"] == "/"
    assert events(alpha)[:3] == ["activation.sent", "activation.opened", "activation.done"]
    # Who has just chosen the password knows that this device is new.
    assert mails(alpha, kind="new_sign_in") == []


def test_the_next_new_device_is_told_of(
    alpha: Caisse, lea: User, browser_at: BrowserAt, clock: Clock
) -> None:
    first, second = browser_at(ANNE.host), browser_at(ANNE.host)
    first.get(links(alpha)[0])
    first.post(CHOOSE, twice())
    first.post(SIGN_IN, {"identifier": IDENTIFIER, "secret": PASSWORD})
    first.post("/connexion/second-moyen/sms/envoyer/")
    first.post("/connexion/second-moyen/sms/", {"code": sms_codes(alpha)[-1]})
    clock.move(minutes=2)
    second.post(SIGN_IN, {"identifier": IDENTIFIER, "secret": PASSWORD})
    assert second.post(CODE, {"code": sms_codes(alpha)[-1]}).headers["Location"] == "/"
    assert len(mails(alpha, kind="new_sign_in")) == 1


class TestMail:
    def test_it_says_the_identifier_the_link_how_long_it_lives_and_the_rules(
        self, alpha: Caisse, lea: User
    ) -> None:
        (text,) = mails(alpha, kind="activation_link")
        for words in (IDENTIFIER, "24\u00a0heures", "12 caractères au moins", "Bonjour Mme Girard-Lopez"):
            assert words in text

    def test_it_has_one_button_and_asks_nothing_from_elsewhere(self, alpha: Caisse, lea: User) -> None:
        html = html_of_the_mail(alpha)
        assert re.findall(r'<a\s+href="([^"]+)"', html) == [f"http://alpha.localhost:8000{links(alpha)[0]}"]
        sources = re.findall(r'\bsrc\s*=\s*"([^"]*)"', html)
        assert sources
        assert {each.partition(":")[0] for each in sources} == {"cid"}
        assert not re.search(r"<link|url\(|@import|srcset|background=", html)
        assert html.count("✓") == 3

    def test_it_keeps_its_width_and_colours_in_outlook_which_reads_attributes(
        self, alpha: Caisse, lea: User
    ) -> None:
        html = html_of_the_mail(alpha)
        opens, closes = (
            html.index('<!--[if mso]><table role="presentation" width="560"'),
            html.rindex("<!--[if mso]></td>"),
        )
        assert opens < html.index("<h1") < closes
        assert len(re.findall(r'bgcolor="#[0-9a-f]{6}"', html)) == 5
        assert len(re.findall(r'<img\s+src="[^"]+"\s+width="\d+"\s+height="\d+"\s+alt="', html)) == 3

    def test_its_numbers_are_those_of_the_policy(self, alpha: Caisse, clock: Clock) -> None:
        publish(
            alpha,
            {
                "activation": {"link_lifetime": "2 h"},
                "secret": {"password": {"min_length": 17, "min_special": 2}},
            },
        )
        send(alpha, newcomer(alpha))
        (text,) = mails(alpha, kind="activation_link")
        for words in ("2\u00a0heures", "17 caractères au moins", "2 caractères spéciaux au moins"):
            assert words in text

    def test_it_is_written_in_the_client_s_language(self, alpha: Caisse, clock: Clock) -> None:
        send(alpha, newcomer(alpha, language="en"))
        assert mails(alpha, kind="activation_link")[0].startswith("Hello ")

    def test_it_holds_no_identifier_where_the_policy_sends_none(
        self, alpha: Caisse, clock: Clock, browser: Browser
    ) -> None:
        publish(alpha, {"activation": {"sends": ["email_link"]}})
        send(alpha, newcomer(alpha))
        assert IDENTIFIER not in mails(alpha, kind="activation_link")[0]
        browser.get(links(alpha)[0])
        assert IDENTIFIER not in said(browser.get(CHOOSE))

    def test_its_words_are_erased_once_sent_or_lapsed(self, alpha: Caisse, lea: User, clock: Clock) -> None:
        with tenant_context(alpha):
            message = Message.objects.get(kind="activation_link")
        assert message.secret
        assert message.expires_at == latest(alpha).expires_at == clock.now + timedelta(hours=24)


class TestLink:
    def test_opening_it_consumes_nothing(self, alpha: Caisse, lea: User, browser_at: BrowserAt) -> None:
        """A scanner comes first, with HEAD and with GET, and follows."""
        for visitor in (browser_at(ANNE.host), browser_at(ANNE.host)):
            visitor.head(links(alpha)[0])
            visitor.get(links(alpha)[0])
            assert visitor.get(CHOOSE).status_code == 200
        assert visitor.post(CHOOSE, twice()).status_code == 302
        assert events(alpha).count("activation.opened") == 1

    def test_its_token_stays_in_no_address_no_session_and_no_table(
        self, alpha: Caisse, lea: User, browser: Browser
    ) -> None:
        path = links(alpha)[0]
        token = path.split("/")[-2]
        answer = browser.get(path)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert token not in answer.headers["Location"] + said(browser.get(CHOOSE))
        with tenant_context(alpha):
            assert token not in str(browser.session.items())
            assert latest(alpha).digest in str(browser.session.items())
        assert answer.wsgi_request.path == "/premiere-connexion/lien/…/"
        assert len(token) >= 43

    def test_it_serves_once(self, alpha: Caisse, lea: User, browser_at: BrowserAt) -> None:
        first, second = browser_at(ANNE.host), browser_at(ANNE.host)
        for browser in (first, second):
            browser.get(links(alpha)[0])
            browser.get(CHOOSE)
        first.post(CHOOSE, twice())
        answer = second.post(CHOOSE, twice("Un-autre-cerf-volant-52!"))
        assert (answer.status_code, "Ce lien ne sert plus" in said(answer)) == (410, True)
        assert again(alpha, lea).check_password(PASSWORD)

    def test_it_lives_as_long_as_the_policy_says(
        self, alpha: Caisse, lea: User, browser: Browser, clock: Clock
    ) -> None:
        clock.move(hours=23, minutes=59)
        browser.get(links(alpha)[0])
        assert browser.get(CHOOSE).status_code == 200
        clock.move(minutes=1)
        assert browser.post(CHOOSE, twice()).status_code == 410
        assert not again(alpha, lea).is_activated

    def test_only_the_latest_lives(self, alpha: Caisse, lea: User, browser: Browser, clock: Clock) -> None:
        clock.move(minutes=5)
        send(alpha, lea)
        first, second = links(alpha)
        assert browser.get(first).status_code == 410
        browser.get(second)
        assert browser.get(CHOOSE).status_code == 200

    def test_it_opens_nothing_at_another_caisse(
        self, alpha: Caisse, beta: Caisse, lea: User, browser_at: BrowserAt
    ) -> None:
        """Beta has somebody of the same key, who waits too."""
        publish(beta, LINK)
        user = newcomer(beta)
        with tenant_context(beta):
            User.objects.filter(pk=user.pk).update(id=lea.pk)
        user.pk = lea.pk
        send(beta, user)
        browser = browser_at(BRUNO.host)
        assert browser.get(links(alpha)[0], follow=True).status_code == 410
        assert not again(beta, user).is_activated

    def test_what_opens_nothing_is_told_alike_whatever_the_reason(
        self, alpha: Caisse, lea: User, browser_at: BrowserAt, clock: Clock
    ) -> None:
        """Used, lapsed, replaced, never sent: the page offers to ask again, and names nobody."""
        other = newcomer(alpha, identifier="1234567899", number="C-78")
        send(alpha, other)
        users = browser_at(ANNE.host)
        users.get(links(alpha)[1])
        users.post(CHOOSE, twice())
        send(alpha, lea)
        pages = set()
        for path in (links(alpha)[1], links(alpha)[0], NEVER_SENT, f"{NEVER_SENT[:-1]}%00é{'x' * 300}/"):
            browser = browser_at(ANNE.host)
            answer = browser.get(path, follow=True)
            pages.add((answer.status_code, _TOKEN.sub("", said(answer))))
        assert len(pages) == 1
        (status, page) = pages.pop()
        assert (status, f'href="{ASK}"' in page, "Girard" in page) == (410, True, False)

    def test_without_a_link_there_is_nothing_to_choose(self, lea: User, browser: Browser) -> None:
        assert browser.get(CHOOSE).headers["Location"] == SIGN_IN
        assert browser.post(CHOOSE, twice()).headers["Location"] == SIGN_IN

    def test_it_opens_nothing_for_an_account_that_was_closed(
        self, alpha: Caisse, lea: User, browser: Browser
    ) -> None:
        with tenant_context(alpha):
            User.objects.filter(pk=lea.pk).update(is_active=False)
        assert browser.get(links(alpha)[0]).status_code == 410

    def test_it_opens_an_account_that_somebody_had_locked_by_guessing(
        self, alpha: Caisse, lea: User, browser: Browser
    ) -> None:
        for _ in range(6):
            browser.post(SIGN_IN, {"identifier": IDENTIFIER, "secret": "Au-hasard-1234!"})
        browser.get(links(alpha)[0])
        browser.post(CHOOSE, twice())
        answer = browser.post(SIGN_IN, {"identifier": IDENTIFIER, "secret": PASSWORD})
        assert answer.headers["Location"] == "/connexion/second-moyen/"


class TestSending:
    def test_who_has_a_secret_is_sent_nothing(self, alpha: Caisse) -> None:
        with pytest.raises(CannotSendActivationError, match="activated"):
            send(alpha, user_of(alpha))

    def test_staff_have_no_first_connection_of_a_client(self, alpha: Caisse) -> None:
        with pytest.raises(CannotSendActivationError, match="closed"):
            send(alpha, user_of(alpha, kind=User.Kind.STAFF))

    @pytest.mark.parametrize(
        ("sends", "why"),
        [
            (["email_identifier", "email_link"], "no_email"),
            (["sms_password"], "no_mobile"),
            ([], "agency"),
        ],
    )
    def test_without_a_way_to_send_nothing_leaves_and_the_caller_is_told(
        self, alpha: Caisse, clock: Clock, sends: list[str], why: str
    ) -> None:
        publish(alpha, {"activation": {"sends": sends}})
        with pytest.raises(CannotSendActivationError, match=why):
            send(alpha, newcomer(alpha, email="", mobile=""))
        with tenant_context(alpha):
            assert (Message.objects.count(), AccessCode.objects.count()) == (0, 0)

    def test_the_counter_finds_it_registered_and_its_sending_names_who_asked(
        self, alpha: Caisse, lea: User
    ) -> None:
        by, registered = uuid.uuid4(), activation()
        assert registered is send_activation
        with tenant_context(alpha):
            registered(user=lea, by=by, reason="link-lost", now=timezone.now())
            details = Event.objects.filter(kind="activation.sent").order_by("-id")[0].details
        assert details == {
            "by": str(by),
            "reason": "link-lost",
            "ways": ["email_identifier", "email_link"],
        }

    def test_the_journal_names_nobody(self, alpha: Caisse, lea: User, browser: Browser) -> None:
        browser.get(links(alpha)[0])
        browser.get(CHOOSE)
        browser.post(CHOOSE, twice())
        with tenant_context(alpha):
            told = str(list(Event.objects.filter(kind__startswith="activation").values()))
        assert str(lea.uuid) in told
        assert not [word for word in (IDENTIFIER, EMAIL, "Girard", "Léa") if word in told]

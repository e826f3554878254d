from collections import Counter
from functools import partial

from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import AccessCode, User
from tenant_apps.journal.models import Event
from tenants.models import Caisse
from tests.concurrency.parallel import at_once
from tests.identity.steps import publish
from tests.identity.waiting import (
    CHOOSE,
    LETTER,
    LINK,
    MUTUAL,
    NIR,
    NIR_KEPT,
    OWN_SECRET,
    again,
    first_passwords,
    letter_codes,
    links,
    newcomer,
    send,
    twice,
)
from tests.isolation.visits import BrowserAt, carry_cookies
from tests.world import ANNE

MANY = 20
CLOSED = "410"


def copies(browser: Browser, count: int) -> list[Browser]:
    """The same session in as many browsers."""
    found = [Browser(SERVER_NAME=ANNE.host, HTTP_HOST=ANNE.host) for _ in range(count)]
    for each in found:
        carry_cookies(browser, each)
    return found


def post(browser: Browser, page: str, typed: dict[str, str]) -> str:
    answer = browser.post(page, typed)
    return answer.headers.get("Location", str(answer.status_code))


def password(number: int) -> dict[str, str]:
    return twice(f"Cerf-volant-bleu-{number:03}!")


def events(caisse: Caisse, kind: str) -> int:
    with tenant_context(caisse):
        return Event.objects.filter(kind=kind).count()


def test_a_link_gives_one_password_however_many_post_at_once(
    alpha_committed: Caisse, browser_at: BrowserAt
) -> None:
    user, browser = newcomer(alpha_committed), browser_at(ANNE.host)
    publish(alpha_committed, LINK)
    send(alpha_committed, user)
    browser.get(links(alpha_committed)[0])

    posts = [
        partial(post, each, CHOOSE, password(number)) for number, each in enumerate(copies(browser, MANY))
    ]
    ends = at_once(posts)

    # The session ends with the first: the others find it gone, or the link used.
    won = ends.index("/connexion/?actif=1")
    assert ends.count("/connexion/?actif=1") == 1
    assert set(ends) - {"/connexion/?actif=1"} <= {CLOSED, "/connexion/"}
    assert again(alpha_committed, user).check_password(password(won)["password"])
    assert events(alpha_committed, "activation.done") == 1


def test_a_link_opened_in_twenty_browsers_gives_one_password(
    alpha_committed: Caisse, browser_at: BrowserAt
) -> None:
    """Each with a session of its own."""
    user, browsers = newcomer(alpha_committed), [browser_at(ANNE.host) for _ in range(MANY)]
    publish(alpha_committed, LINK)
    send(alpha_committed, user)
    for browser in browsers:
        browser.get(links(alpha_committed)[0])

    ends = at_once([partial(post, each, CHOOSE, password(number)) for number, each in enumerate(browsers)])

    assert Counter(ends) == {"/connexion/?actif=1": 1, CLOSED: MANY - 1}
    won = ends.index("/connexion/?actif=1")
    assert again(alpha_committed, user).check_password(password(won)["password"])
    assert events(alpha_committed, "activation.done") == 1
    assert events(alpha_committed, "activation.opened") == 1


def test_a_code_of_a_letter_opens_once_however_many_choose_a_pin_at_once(
    alpha_committed: Caisse, browser_at: BrowserAt
) -> None:
    publish(alpha_committed, MUTUAL, instead_of="identifier")
    user, browsers = (
        newcomer(alpha_committed, identifier=NIR_KEPT),
        [browser_at(ANNE.host) for _ in range(MANY)],
    )
    send(alpha_committed, user)
    for browser in browsers:
        assert (
            browser.post(LETTER, {"identifier": NIR, "code": letter_codes(alpha_committed)[0]}).status_code
            == 302
        )

    ends = at_once([partial(post, each, CHOOSE, {"pin": "481516", "again": "481516"}) for each in browsers])

    assert Counter(ends) == {"/": 1, CLOSED: MANY - 1}
    assert events(alpha_committed, "sign_in.done") == 1


def test_a_first_password_is_changed_once_however_many_choose_at_once(
    alpha_committed: Caisse, browser_at: BrowserAt
) -> None:
    publish(alpha_committed, {"activation": {"sends": ["email_identifier", "sms_password"]}})
    user, browsers = newcomer(alpha_committed), [browser_at(ANNE.host) for _ in range(MANY)]
    send(alpha_committed, user)
    for browser in browsers:
        browser.post(
            "/connexion/", {"identifier": "1234567890", "secret": first_passwords(alpha_committed)[0]}
        )

    ends = at_once(
        [partial(post, each, OWN_SECRET, password(number)) for number, each in enumerate(browsers)]
    )

    assert ends.count("/connexion/second-moyen/") == 1
    # Who came a moment later finds the account open already, or the first password spent.
    assert set(ends) <= {"/connexion/second-moyen/", "200", "/connexion/", OWN_SECRET}
    assert events(alpha_committed, "activation.done") == 1


def test_of_two_sendings_at_once_one_lives(alpha_committed: Caisse) -> None:
    publish(alpha_committed, LINK)
    user = newcomer(alpha_committed)

    ends = at_once([partial(send, alpha_committed, user)] * 5)

    assert ends == [None] * 5
    with tenant_context(alpha_committed):
        now = AccessCode.objects.order_by("-id")[0].created_at
        live = [code for code in AccessCode.objects.filter(user=user) if code.is_live(now=now)]
        assert live == [AccessCode.objects.order_by("-id")[0]]
        assert not User.objects.get(pk=user.pk).is_activated

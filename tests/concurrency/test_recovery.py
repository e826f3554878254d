"""Recoveries at once: each counts, one wins."""

from collections import Counter
from functools import partial

from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import Recovery, User
from tenant_apps.identity.send_recovery import send_recovery
from tenants.models import Caisse
from tests.concurrency.parallel import at_once
from tests.concurrency.test_activation import events, password, post
from tests.identity.forgetting import (
    CHOOSE,
    CODE,
    DONE,
    MUTUAL,
    PARIS,
    activated,
    codes,
    latest,
    links,
    member,
)
from tests.identity.steps import failures, publish, wrong_code
from tests.identity.waiting import NIR, NIR_KEPT, again, newcomer
from tests.isolation.visits import BrowserAt
from tests.world import ANNE

MANY = 20
GENEROUS = {
    "lockout": {"robots": "never", "max_failures": 50, "daily_total": 100, "address_max_failures": 500}
}


def send(caisse: Caisse, user: User) -> None:
    with tenant_context(caisse):
        send_recovery(user=user, now=timezone.now())


def test_twenty_wrong_codes_at_once_count_exactly_and_kill_the_recovery(
    alpha_committed: Caisse, browser_at: BrowserAt
) -> None:
    publish(alpha_committed, MUTUAL | GENEROUS, instead_of="identifier")
    user, browsers = member(alpha_committed), [browser_at(ANNE.host) for _ in range(MANY)]
    send(alpha_committed, user)
    right = codes(alpha_committed)[0]

    typed = {"identifier": NIR, "code": wrong_code(right)}
    ends = at_once([partial(post, each, CODE, typed) for each in browsers])

    assert ends == ["200"] * MANY
    assert failures(alpha_committed, identifier=NIR_KEPT) == MANY
    assert events(alpha_committed, "recovery.wrong_code") == MANY
    assert latest(alpha_committed).tries_left == 0
    assert post(browsers[0], CODE, typed | {"code": right}) == "200"


def test_a_link_and_its_code_in_twenty_browsers_give_one_password(
    alpha_committed: Caisse, browser_at: BrowserAt
) -> None:
    publish(alpha_committed, PARIS | GENEROUS)
    user = activated(alpha_committed, newcomer(alpha_committed))
    send(alpha_committed, user)
    code, browsers = codes(alpha_committed)[0], [browser_at(ANNE.host) for _ in range(MANY)]
    for browser in browsers:
        browser.get(links(alpha_committed)[0])

    posts = [
        partial(post, each, CHOOSE, {"code": code, **password(number)})
        for number, each in enumerate(browsers)
    ]
    ends = at_once(posts)

    # Those whose try found the others' still counted are told that the code is wrong, and may try again.
    assert ends.count(DONE) == 1
    assert set(Counter(ends)) <= {DONE, "410", "200"}
    assert events(alpha_committed, "recovery.done") == 1
    assert again(alpha_committed, user).check_password(password(ends.index(DONE))["password"])


def test_of_two_sendings_at_once_one_lives(alpha_committed: Caisse) -> None:
    user = activated(alpha_committed, newcomer(alpha_committed))

    ends = at_once([partial(send, alpha_committed, user)] * 5)

    assert ends == [None] * 5
    with tenant_context(alpha_committed):
        newest = Recovery.objects.order_by("-id")[0]
        live = [each for each in Recovery.objects.all() if each.is_live(now=newest.created_at)]
        assert live == [newest]

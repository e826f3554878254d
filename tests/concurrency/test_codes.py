from collections import Counter
from datetime import timedelta
from functools import partial

from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import SmsDevice, TryCounter
from tenant_apps.journal.models import Event
from tenant_apps.messaging.models import Message
from tenants.models import Caisse
from tests.concurrency.conftest import Publish, SetLockout
from tests.concurrency.parallel import at_once
from tests.isolation.visits import HOME, SECOND_STEP, BrowserAt, carry_cookies, code_sent_to, first_step
from tests.world import ANNE

MANY = 20


def copies(browser: Browser, count: int) -> list[Browser]:
    """The same half-finished sign-in in as many browsers."""
    found = [Browser(SERVER_NAME=ANNE.host, HTTP_HOST=ANNE.host) for _ in range(count)]
    for each in found:
        carry_cookies(browser, each)
    return found


def enter(browser: Browser, code: str) -> str:
    """Where the browser is sent, or the status of the page that it gets."""
    answer = browser.post(SECOND_STEP, {"code": code})
    return answer.headers.get("Location", str(answer.status_code))


def let_the_cool_down_pass() -> None:
    a_minute_ago = (timezone.now() - timedelta(minutes=1)).isoformat()
    SmsDevice.objects.update(sent=[a_minute_ago])


def test_a_code_serves_once_however_many_enter_it_at_once(
    alpha_committed: Caisse, lockout: SetLockout, browser_at: BrowserAt
) -> None:
    lockout(max_failures=100, daily_total=1000, address_max_failures=1000)
    browser = browser_at(ANNE.host)
    first_step(browser, ANNE)
    code = code_sent_to(ANNE)

    ends = Counter(at_once([partial(enter, each, code) for each in copies(browser, MANY)]))

    assert ends[HOME] == 1
    with tenant_context(alpha_committed):
        assert Event.objects.filter(kind="sign_in.done").count() == 1
        device = SmsDevice.objects.get()
        assert (device.code_digest, device.code_expires_at) == ("", None)


def test_wrong_codes_at_once_are_looked_at_five_times_in_all(
    alpha_committed: Caisse, browser_at: BrowserAt
) -> None:
    browser = browser_at(ANNE.host)
    first_step(browser, ANNE)
    wrong = "000000" if code_sent_to(ANNE) != "000000" else "111111"

    at_once([partial(enter, each, wrong) for each in copies(browser, MANY)])

    assert enter(browser, code_sent_to(ANNE)) != HOME
    with tenant_context(alpha_committed):
        assert not Event.objects.filter(kind="sign_in.done").exists()
        assert SmsDevice.objects.get().code_digest != ""


def test_of_the_codes_of_a_blind_sign_in_at_once_one_is_the_other_half_of_its_first_step(
    alpha_committed: Caisse, policy: Publish, browser_at: BrowserAt
) -> None:
    wide = {"robots": "never", "max_failures": 100, "daily_total": 1000, "address_max_failures": 1000}
    policy({"lockout": wide, "second_factor": {"blind": True}})
    browser = browser_at(ANNE.host)
    first_step(browser, ANNE)

    at_once([partial(enter, each, "000000") for each in copies(browser, MANY)])

    with tenant_context(alpha_committed):
        assert TryCounter.objects.get(scope="account").failures == MANY


def test_two_resends_at_once_send_one_message(alpha_committed: Caisse, browser_at: BrowserAt) -> None:
    browser = browser_at(ANNE.host)
    first_step(browser, ANNE)
    with tenant_context(alpha_committed):
        let_the_cool_down_pass()

    at_once([partial(each.post, f"{SECOND_STEP}renvoyer/") for each in copies(browser, 10)])

    with tenant_context(alpha_committed):
        assert Message.objects.filter(kind="sms_code").count() == 2
        assert len(SmsDevice.objects.get().sent) == 2
    assert enter(browser, code_sent_to(ANNE)) == HOME


def test_first_steps_at_once_send_one_message(alpha_committed: Caisse, browser_at: BrowserAt) -> None:
    acts = [partial(first_step, browser_at(ANNE.host), ANNE) for _ in range(5)]

    at_once(acts)

    with tenant_context(alpha_committed):
        assert Message.objects.filter(kind="sms_code").count() == 1

"""The code sent by SMS: once, for a while, not too often, and never kept in clear."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.clients.register_client import register_client
from tenant_apps.identity.models import SmsDevice, User
from tenant_apps.identity.open_account import open_account
from tenant_apps.messaging.tasks import sweep
from tenants.models import Caisse
from tenants.selectors import caisse_of_schema
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.steps import (
    CODE,
    RESEND,
    SIGN_IN,
    device_of,
    enter_code,
    enter_secret,
    events,
    failures,
    publish,
    said,
    sms_codes,
    told,
    wrong_code,
)
from tests.world import ANNE, NOON, Someone

ZOE = Someone(ANNE.caisse, "1000000009", "Zoe-aime-alpha-9!", "+33639980777")
NOT_RIGHT = "Ce code n’est pas le bon, ou il n’est plus valable."


@pytest.fixture
def half(alpha: Caisse, browser: Browser) -> Browser:
    """A browser that has passed the first step."""
    enter_secret(browser)
    return browser


@pytest.fixture
def half_limited(alpha: Caisse, browser: Browser) -> Callable[[str], Browser]:
    """A browser where three codes may leave within the span of that limit."""

    def limited(limit: str) -> Browser:
        publish(alpha, {"second_factor": {"sms": {"per_hour": 3, "per_day": 20, limit: 3}}})
        return browser

    return limited


def test_the_code_opens_the_space(alpha: Caisse, half: Browser) -> None:
    assert enter_code(half, sms_codes(alpha)[0]).headers["Location"] == "/"
    assert half.get("/").status_code == 200
    assert events(alpha) == ["second_step.code_sent", "sign_in.done"]


@pytest.mark.parametrize("form", ["{0} {1}", "{0}-{1}", " {0}{1} ", "{0}\u202f{1}"])
def test_the_code_may_be_typed_as_a_phone_shows_it(alpha: Caisse, half: Browser, form: str) -> None:
    code = sms_codes(alpha)[0]
    assert enter_code(half, form.format(code[:3], code[3:])).headers["Location"] == "/"


@pytest.mark.parametrize(
    "typed", ["12345", "1234567", "12345a", "１２３４５６", "123\x00456", "9" * 300, "🔑"]
)
def test_what_is_no_code_is_refused_with_a_sentence_and_counts_nothing(
    alpha: Caisse, half: Browser, typed: str
) -> None:
    answer = enter_code(half, typed)
    assert answer.status_code == 200
    assert answer.context["form"].errors["code"]
    assert failures(alpha) == 0


def test_a_post_without_the_field_says_to_type_the_code(half: Browser) -> None:
    assert "Saisissez le code." in told(half, half.post(CODE, {})).content.decode()


def test_a_wrong_code_says_that_it_may_also_be_too_old(alpha: Caisse, half: Browser) -> None:
    assert NOT_RIGHT in enter_code(half, wrong_code(sms_codes(alpha)[0])).content.decode()
    assert events(alpha)[-1] == "second_step.refused"


def test_a_code_serves_once(alpha: Caisse, half: Browser, browser_at: BrowserAt, clock: Clock) -> None:
    code = sms_codes(alpha)[0]
    enter_code(half, code)
    other = browser_at(ANNE.host)
    publish(alpha, {"second_factor": {"sms": {"per_hour": 1}}})
    enter_secret(other)
    assert sms_codes(alpha) == [code]
    assert NOT_RIGHT in enter_code(other, code).content.decode()


@pytest.mark.parametrize(("later", "opens"), [(299, True), (300, False), (301, False)])
def test_a_code_lives_as_long_as_the_policy_says(
    alpha: Caisse, browser: Browser, clock: Clock, later: int, opens: bool
) -> None:
    enter_secret(browser)
    clock.move(seconds=later)
    assert (enter_code(browser, sms_codes(alpha)[0]).status_code == 302) is opens


def test_a_new_code_voids_the_one_before(alpha: Caisse, browser: Browser, clock: Clock) -> None:
    enter_secret(browser)
    clock.move(seconds=10)
    browser.post(RESEND)
    first, second = sms_codes(alpha)
    if first != second:
        assert NOT_RIGHT in enter_code(browser, first).content.decode()
    assert enter_code(browser, second).status_code == 302


def test_another_code_must_be_waited_for(alpha: Caisse, browser: Browser, clock: Clock) -> None:
    """The page says how long; asking before changes nothing; the code that left stays good."""
    enter_secret(browser)
    clock.move(seconds=8)
    too_soon = browser.post(RESEND).headers["Location"]
    assert too_soon == f"{CODE}?trop-tot=1"
    assert "Attendez encore 2" in said(browser.get(too_soon))
    assert len(sms_codes(alpha)) == 1
    clock.move(seconds=1)
    clock.move(seconds=1)
    assert "Attendez encore" not in said(browser.get(too_soon))
    assert "Recevoir un nouveau code" in said(browser.get(CODE))
    assert browser.post(RESEND).headers["Location"] == f"{CODE}?envoye=1"
    assert "Un nouveau code est parti" in said(browser.get(f"{CODE}?envoye=1"))
    assert len(sms_codes(alpha)) == 2


@pytest.mark.parametrize(
    ("limit", "step", "again"),
    [("per_hour", {"seconds": 30}, timedelta(hours=1)), ("per_day", {"minutes": 30}, timedelta(days=1))],
)
def test_codes_are_limited_by_the_hour_and_by_the_day(
    half_limited: Callable[[str], Browser], clock: Clock, limit: str, step: dict[str, float], again: timedelta
) -> None:
    """Signing in again is no way around: each code costs money, and pesters someone."""
    browser, start = half_limited(limit), clock.now
    for _ in range(6):
        enter_secret(browser)
        browser.post(RESEND)
        clock.move(**step)
    caisse = caisse_of_schema(schema=ANNE.caisse)
    assert len(sms_codes(caisse)) == 3
    clock.set_to(start + again)
    enter_secret(browser)
    assert len(sms_codes(caisse)) == 4


def test_a_page_does_not_say_that_a_code_left_when_the_limits_kept_it_back(
    alpha: Caisse, browser: Browser, clock: Clock
) -> None:
    publish(alpha, {"second_factor": {"sms": {"per_hour": 1}}})
    enter_secret(browser)
    assert "Nous avons envoyé un code" in said(browser.get(CODE))
    clock.move(minutes=6)
    enter_secret(browser)
    assert "Nous avons envoyé un code" not in said(browser.get(CODE))


def test_only_the_last_three_digits_of_the_phone_are_shown(alpha: Caisse, half: Browser) -> None:
    page = said(half.get(CODE))
    assert "•• •• •• •0 01" in page
    assert "0639980001" not in page.replace(" ", "").replace("\xa0", "").replace("\u202f", "")
    assert "39980" not in page


def test_the_code_of_another_person_opens_nothing(
    alpha: Caisse, half: Browser, browser_at: BrowserAt
) -> None:
    with tenant_context(alpha):
        zoe = register_client(
            number="C-9",
            title="none",
            first_name="Zoé",
            last_name="Neuf",
            birth_date=None,
            email="",
            mobile=ZOE.phone,
        )
        open_account(
            kind=User.Kind.CLIENT,
            identifier=ZOE.identifier,
            secret=ZOE.secret,
            display_name="Zoé Neuf",
            now=NOON,
            client=zoe,
            phone=ZOE.phone,
        )
    enter_secret(browser_at(ANNE.host), ZOE)
    of_anne, of_zoe = sms_codes(alpha)
    if of_anne != of_zoe:
        assert NOT_RIGHT in enter_code(half, of_zoe).content.decode()
    assert enter_code(half, of_anne).status_code == 302


def test_no_table_holds_the_code_but_the_mailbox_of_the_demo(alpha: Caisse, half: Browser) -> None:
    """Neither while it waits nor once it is sent; the digest of one device's code is not another's."""
    code = sms_codes(alpha)[0]
    assert not _tables_with(alpha, code)
    with tenant_context(alpha):
        sweep(tenant=alpha.schema_name)
    assert _tables_with(alpha, code) == {"demo_mailboxmessage"}


def _tables_with(caisse: Caisse, code: str) -> set[str]:
    """Every row of the schema as text; binary columns as hexadecimal of the same signs."""
    found = set()
    with tenant_context(caisse), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [caisse.schema_name])
        tables = [table for (table,) in cursor.fetchall()]
        assert "messaging_message" in tables
        for table in tables:
            quoted = connection.ops.quote_name(table)
            cursor.execute(
                f"SELECT count(*) FROM {quoted} AS row WHERE row::text ~ %s OR row::text ~ %s",  # noqa: S608  # a name of the catalogue
                [rf"(^|\D){code}(\D|$)", code.encode().hex()],
            )
            if cursor.fetchone()[0]:
                found.add(table)
    return found


def test_the_digest_of_a_code_is_bound_to_its_device(alpha: Caisse, half: Browser) -> None:
    device = device_of(alpha)
    with tenant_context(alpha):
        stored = device.code_digest
        assert stored == device._digest(sms_codes(alpha)[0])
        device.pk += 1
        assert stored != device._digest(sms_codes(alpha)[0])


def test_without_a_first_step_there_is_no_second(alpha: Caisse, browser: Browser) -> None:
    for answer in (browser.get(CODE), enter_code(browser, "123456"), browser.post(RESEND)):
        assert (answer.status_code, answer.headers["Location"]) == (302, SIGN_IN)


def test_half_a_sign_in_opens_no_screen(half: Browser) -> None:
    assert half.get("/").headers["Location"] == f"{SIGN_IN}?next=/"


def test_half_a_sign_in_dies_after_a_while(alpha: Caisse, browser: Browser, clock: Clock) -> None:
    publish(alpha, {"second_factor": {"sms": {"lifetime": "10 min", "cool_down": "10 s"}}})
    enter_secret(browser)
    clock.move(minutes=14)
    browser.post(RESEND)
    clock.move(minutes=1, seconds=1)
    assert enter_code(browser, sms_codes(alpha)[-1]).headers["Location"] == SIGN_IN
    assert browser.get("/").status_code == 302


def test_an_account_shut_between_the_steps_is_not_entered(alpha: Caisse, half: Browser) -> None:
    with tenant_context(alpha):
        User.objects.filter(kind=User.Kind.CLIENT).update(is_active=False)
    answer = enter_code(half, sms_codes(alpha)[0])
    assert answer.headers["Location"] == SIGN_IN
    assert "sign_in.done" not in events(alpha)


def test_a_phone_that_is_not_confirmed_receives_nothing(alpha: Caisse, browser: Browser) -> None:
    with tenant_context(alpha):
        SmsDevice.objects.update(confirmed=False)
    enter_secret(browser)
    assert sms_codes(alpha) == []


def test_where_the_policy_asks_for_no_second_step_there_is_none(alpha: Caisse, browser: Browser) -> None:
    publish(alpha, {"second_factor": {"required": False}})
    assert enter_secret(browser).headers["Location"] == "/"
    assert browser.get("/").status_code == 200
    assert events(alpha) == ["sign_in.done"]
    assert sms_codes(alpha) == []

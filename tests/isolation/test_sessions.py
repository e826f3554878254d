import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django_tenants.utils import tenant_context

from guichet.web.sessions import SessionStore
from guichet.web.stamp import STAMP
from tenants.models import Caisse
from tests.isolation.visits import (
    HOME,
    SECOND_STEP,
    SIGN_IN,
    BrowserAt,
    carry_cookies,
    code_sent_to,
    first_step,
    messages_of,
    session_key,
    sessions_of,
    share_session,
    signed_in,
)
from tests.world import ANNE, BRUNO

DROPPED = "a session of another caisse was shown, and dropped"


def test_a_finished_session_opens_nothing_at_the_other_caisse(browser_at: BrowserAt) -> None:
    anne = signed_in(browser_at(ANNE.host), ANNE)
    assert anne.get(HOME).status_code == 200
    thief = browser_at(BRUNO.host)
    carry_cookies(anne, thief)

    answer = thief.get(HOME)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(SIGN_IN)


def test_a_finished_session_in_a_shared_store_is_dropped(
    browser_at: BrowserAt, alpha: Caisse, beta: Caisse, caplog: pytest.LogCaptureFixture
) -> None:
    anne = signed_in(browser_at(ANNE.host), ANNE)
    share_session(anne, source=alpha, target=beta)
    thief = browser_at(BRUNO.host)
    carry_cookies(anne, thief)
    assert sessions_of(beta) == 1

    answer = thief.get(HOME)

    assert answer.headers["Location"].startswith(SIGN_IN)
    assert sessions_of(beta) == 0
    assert DROPPED in caplog.text
    assert anne.get(HOME).status_code == 200


def test_trap_1_a_half_finished_sign_in_does_not_go_on_at_the_other_caisse(
    browser_at: BrowserAt, beta: Caisse
) -> None:
    anne = browser_at(ANNE.host)
    first_step(anne, ANNE)
    thief = browser_at(BRUNO.host)
    carry_cookies(anne, thief)

    assert thief.get(SECOND_STEP).headers["Location"] == SIGN_IN
    assert thief.post(SECOND_STEP, {"code": code_sent_to(ANNE)}).headers["Location"] == SIGN_IN
    assert thief.post(f"{SECOND_STEP}renvoyer/").headers["Location"] == SIGN_IN
    assert messages_of(beta) == 0


def test_trap_1_a_half_finished_sign_in_in_a_shared_store_is_dropped(
    browser_at: BrowserAt, alpha: Caisse, beta: Caisse, caplog: pytest.LogCaptureFixture
) -> None:
    anne = browser_at(ANNE.host)
    first_step(anne, ANNE)
    share_session(anne, source=alpha, target=beta)
    thief = browser_at(BRUNO.host)
    carry_cookies(anne, thief)

    answer = thief.get(SECOND_STEP)

    assert answer.headers["Location"] == SIGN_IN
    assert sessions_of(beta) == 0
    assert messages_of(beta) == 0
    assert DROPPED in caplog.text
    assert thief.get(HOME).headers["Location"].startswith(SIGN_IN)


def test_trap_1_no_code_is_asked_of_the_twin_when_the_store_is_shared(
    browser_at: BrowserAt, alpha: Caisse, beta: Caisse
) -> None:
    anne = browser_at(ANNE.host)
    first_step(anne, ANNE)
    share_session(anne, source=alpha, target=beta)
    thief = browser_at(BRUNO.host)
    carry_cookies(anne, thief)

    answer = thief.post(f"{SECOND_STEP}renvoyer/")

    assert answer.headers["Location"] == SIGN_IN
    assert messages_of(beta) == 0


def test_a_session_without_a_stamp_is_dropped(
    browser_at: BrowserAt, alpha: Caisse, caplog: pytest.LogCaptureFixture
) -> None:
    anne = signed_in(browser_at(ANNE.host), ANNE)
    with tenant_context(alpha):
        session = SessionStore(session_key(anne))
        del session[STAMP]
        session.save()

    assert anne.get(HOME).headers["Location"].startswith(SIGN_IN)
    assert sessions_of(alpha) == 0
    assert DROPPED in caplog.text


def test_every_session_is_stamped_with_its_caisse(browser_at: BrowserAt, alpha: Caisse, beta: Caisse) -> None:
    for someone, caisse in ((ANNE, alpha), (BRUNO, beta)):
        browser = browser_at(someone.host)
        first_step(browser, someone)
        with tenant_context(caisse):
            assert SessionStore(session_key(browser))[STAMP] == caisse.schema_name


def test_a_session_stands_in_the_schema_of_its_caisse_alone(
    browser_at: BrowserAt, alpha: Caisse, beta: Caisse
) -> None:
    signed_in(browser_at(ANNE.host), ANNE)

    assert (sessions_of(alpha), sessions_of(beta)) == (1, 0)


def test_the_table_of_sessions_holds_no_key_that_a_cookie_would_carry(
    browser_at: BrowserAt, alpha: Caisse
) -> None:
    anne = signed_in(browser_at(ANNE.host), ANNE)
    with tenant_context(alpha):
        stored = Session.objects.get().session_key
    assert stored != session_key(anne)
    reader_of_a_copy = browser_at(ANNE.host)
    reader_of_a_copy.cookies[settings.SESSION_COOKIE_NAME] = stored

    assert reader_of_a_copy.get(HOME).headers["Location"].startswith(SIGN_IN)


def test_a_key_that_the_visitor_chose_is_never_adopted(browser_at: BrowserAt) -> None:
    browser = browser_at(ANNE.host)
    chosen = "a" * 32
    browser.cookies[settings.SESSION_COOKIE_NAME] = chosen

    answer = first_step(browser, ANNE)

    assert answer.headers["Location"] == SECOND_STEP
    assert session_key(browser) != chosen
    assert browser.get(SECOND_STEP).status_code == 200


def test_signing_in_changes_the_key_that_the_visitor_came_with(browser_at: BrowserAt, alpha: Caisse) -> None:
    browser = browser_at(ANNE.host)
    first_step(browser, ANNE)
    before = session_key(browser)
    browser.post(SECOND_STEP, {"code": code_sent_to(ANNE)})

    assert session_key(browser) != before
    assert sessions_of(alpha) == 1

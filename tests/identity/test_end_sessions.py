"""Ending every session of a user without looking for them."""

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from tenant_apps.identity.end_sessions import end_sessions
from tenant_apps.identity.models import User
from tenants.models import Caisse
from tests.identity.conftest import BrowserAt
from tests.identity.steps import SIGN_IN, enter_code, enter_secret, put_in, said, sign_in, sms_codes, user_of
from tests.world import ANNE, BRUNO


def end(caisse: Caisse) -> None:
    with tenant_context(caisse):
        end_sessions(user=user_of(caisse))


def test_all_browsers_of_the_user_are_out_and_a_new_sign_in_is_in(
    alpha: Caisse, browser_at: BrowserAt
) -> None:
    first, second = browser_at(ANNE.host), browser_at(ANNE.host)
    sign_in(first, alpha)
    put_in(second, alpha, user_of(alpha))
    end(alpha)
    assert [each.get("/").status_code for each in (first, second)] == [302, 302]
    assert "Votre connexion a été fermée" in said(first.get(SIGN_IN))
    sign_in(first, alpha)
    assert first.get("/").status_code == 200
    assert second.get("/").status_code == 302


def test_nobody_else_is_out(alpha: Caisse, beta: Caisse, browser_at: BrowserAt) -> None:
    staff = put_in(browser_at(ANNE.host), alpha, user_of(alpha, kind=User.Kind.STAFF))
    bruno = put_in(browser_at(BRUNO.host), beta, user_of(beta))
    end(alpha)
    assert staff.get("/agence/").status_code == 200
    assert bruno.get("/").status_code == 200


def test_the_table_of_sessions_is_not_asked(alpha: Caisse, browser: Browser) -> None:
    sign_in(browser, alpha)
    with CaptureQueriesContext(connection) as queries:
        end(alpha)
    assert not [query["sql"] for query in queries if "django_session" in query["sql"]]
    assert browser.get("/").headers["Location"] == f"{SIGN_IN}?next=/"


def test_a_sign_in_that_was_half_done_begins_again(alpha: Caisse, browser: Browser) -> None:
    """What it had proved was proved of an account that stood otherwise."""
    enter_secret(browser)
    end(alpha)
    assert enter_code(browser, sms_codes(alpha)[-1]).headers["Location"] == SIGN_IN
    assert browser.get("/").status_code == 302


def test_a_second_end_ends_what_began_in_between(alpha: Caisse, browser: Browser) -> None:
    end(alpha)
    sign_in(browser, alpha)
    end(alpha)
    assert browser.get("/").status_code == 302

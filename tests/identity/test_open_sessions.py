"""The open sessions of a person: shown, ended one by one or all at once, and cleaned away."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from guichet.web.sessions import SessionStore
from tenant_apps.identity.adapter import AccountAdapter
from tenant_apps.identity.models import OpenSession, User
from tenant_apps.identity.open_sessions import end_other_sessions
from tenant_apps.identity.tasks import forget
from tenant_apps.identity.views import security as views
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.steps import (
    SIGN_IN,
    SIGN_OUT,
    enter_code,
    enter_secret,
    events,
    put_in,
    said,
    sign_in,
    sms_codes,
    user_of,
)
from tests.world import ANNE, BRUNO

SECURITY, END, END_OTHERS = (
    "/securite/",
    "/securite/appareils/fermer/",
    "/securite/appareils/fermer-les-autres/",
)
ELSEWHERE = "Votre connexion a été fermée depuis un autre appareil"
ADVICE = "Déconnectez les autres appareils."
PHONE = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"
DESK = "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0"


def at(agent: str) -> Browser:
    return Browser(SERVER_NAME=ANNE.host, HTTP_HOST=ANNE.host, HTTP_USER_AGENT=agent)


def two_browsers(caisse: Caisse, clock: Clock) -> tuple[Browser, Browser]:
    """Anne's telephone, then a minute later her computer."""
    phone, desk = at(PHONE), at(DESK)
    sign_in(phone, caisse)
    clock.move(minutes=1)
    sign_in(desk, caisse)
    return phone, desk


def lines(browser: Browser) -> list[tuple[str, bool]]:
    return [(line.device, line.is_this_one) for line in browser.get(SECURITY).context["sessions"]]


def is_in(browser: Browser) -> bool:
    return browser.get("/").status_code == 200


def rows(caisse: Caisse) -> int:
    with tenant_context(caisse):
        return OpenSession.objects.count()


def test_each_browser_is_named_and_one_s_own_comes_first(alpha: Caisse, clock: Clock) -> None:
    phone, desk = two_browsers(alpha, clock)
    assert lines(desk) == [("Edge sur Windows", True), ("Firefox sur Android", False)]
    assert lines(phone) == [("Firefox sur Android", True), ("Edge sur Windows", False)]


def test_when_another_was_last_used_is_told_by_its_own_session(alpha: Caisse, clock: Clock) -> None:
    phone, desk = two_browsers(alpha, clock)
    clock.move(minutes=5)
    phone.get("/")
    seen = clock.now
    clock.move(minutes=3)
    (_, other) = desk.get(SECURITY).context["sessions"]
    assert other.seen_at == seen


def test_one_is_ended_and_is_out_at_its_next_page(alpha: Caisse, clock: Clock) -> None:
    phone, desk = two_browsers(alpha, clock)
    (_, other) = desk.get(SECURITY).context["sessions"]
    answer = desk.post(END, {"session": str(other.uuid)}, follow=True)
    assert "cet appareil n’est plus connecté" in said(answer)
    assert [is_in(each) for each in (phone, desk)] == [False, True]
    assert ELSEWHERE in said(phone.get(SIGN_IN))
    assert ELSEWHERE not in said(phone.get(SIGN_IN))
    again = desk.post(END, {"session": str(other.uuid)}, follow=True)
    assert "n’était déjà plus connecté" in said(again)
    assert events(alpha).count("session.ended") == 1


def test_to_end_other_devices_is_advised_where_there_are_some(alpha: Caisse, clock: Clock) -> None:
    phone = at(PHONE)
    sign_in(phone, alpha)
    assert ADVICE not in said(phone.get(SECURITY))
    clock.move(minutes=1)
    sign_in(at(DESK), alpha)
    assert ADVICE in said(phone.get(SECURITY))


def test_who_never_was_in_is_told_of_no_end(alpha: Caisse, browser_at: BrowserAt) -> None:
    """Whatever key is shown; and who signed out knows it."""
    stranger = browser_at(ANNE.host)
    for key in ("a" * 32, "x"):
        stranger.cookies["guichet_session"] = key
        assert not is_in(stranger)
        assert ELSEWHERE not in said(stranger.get(SIGN_IN))
    half = browser_at(ANNE.host)
    enter_secret(half)
    with tenant_context(alpha):
        Session.objects.all().delete()
    assert ELSEWHERE not in said(half.get(SIGN_IN))
    sign_in(half, alpha)
    assert ELSEWHERE not in said(half.post(SIGN_OUT, follow=True))


def test_all_others_are_ended_and_one_goes_on_under_a_new_key(alpha: Caisse, clock: Clock) -> None:
    phone, desk = two_browsers(alpha, clock)
    half = at(PHONE)
    clock.move(minutes=1)
    enter_secret(half)
    before = desk.cookies["guichet_session"].value
    desk.post(END_OTHERS)
    assert [is_in(each) for each in (phone, desk)] == [False, True]
    assert desk.cookies["guichet_session"].value != before
    assert ELSEWHERE in said(phone.get(SIGN_IN))
    assert half.post("/connexion/code/", {"code": sms_codes(alpha)[-1]}).headers["Location"] == "/connexion/"
    assert lines(desk) == [("Edge sur Windows", True)]


def test_where_no_other_lives_nothing_is_done_and_nothing_is_written(alpha: Caisse, clock: Clock) -> None:
    """Whatever hangs on the epoch, such as a recovery on its way, is not for one button to void again and again."""
    phone, desk = two_browsers(alpha, clock)
    desk.post(END_OTHERS)
    epoch, key = user_of(alpha).session_epoch, desk.cookies["guichet_session"].value
    assert "tous les autres appareils sont déconnectés" in said(desk.post(END_OTHERS, follow=True))
    assert (user_of(alpha).session_epoch, desk.cookies["guichet_session"].value) == (epoch, key)
    assert [is_in(each) for each in (phone, desk)] == [False, True]
    assert events(alpha).count("session.others_ended") == 1


def test_the_session_of_somebody_else_is_not_for_one_to_end(
    alpha: Caisse, beta: Caisse, browser_at: BrowserAt
) -> None:
    anne, bruno = browser_at(ANNE.host), browser_at(BRUNO.host)
    sign_in(anne, alpha)
    sign_in(bruno, beta, BRUNO)
    with tenant_context(beta):
        his = OpenSession.objects.get()
    anne.post(END, {"session": str(his.uuid)})
    assert is_in(bruno)
    assert [len(lines(each)) for each in (anne, bruno)] == [1, 1]


def test_one_that_grew_too_old_is_not_shown(alpha: Caisse, clock: Clock) -> None:
    _, desk = two_browsers(alpha, clock)
    clock.move(minutes=14, seconds=30)
    desk.get("/")
    clock.move(minutes=1)
    assert lines(desk) == [("Edge sur Windows", True)]


def test_rows_leave_with_the_sessions(alpha: Caisse, clock: Clock) -> None:
    phone, desk = two_browsers(alpha, clock)
    phone.post(SIGN_OUT)
    with tenant_context(alpha):
        forget(tenant=alpha.schema_name)
    assert rows(alpha) == 1
    assert lines(desk) == [("Edge sur Windows", True)]
    clock.move(hours=13)
    with tenant_context(alpha):
        forget(tenant=alpha.schema_name)
    assert rows(alpha) == 0


def test_the_night_spares_the_row_whose_session_is_about_to_be_written(
    alpha: Caisse, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its row, who has just come in could change nothing, and would not see this very session."""
    real = AccountAdapter.post_login

    def then_the_night(self: AccountAdapter, *args: Any, **kwargs: Any) -> Any:
        answer = real(self, *args, **kwargs)
        forget(tenant=alpha.schema_name)
        return answer

    monkeypatch.setattr(AccountAdapter, "post_login", then_the_night)
    desk = at(DESK)
    sign_in(desk, alpha)
    assert is_in(desk)
    assert rows(alpha) == 1


def test_the_night_spares_the_row_of_a_session_under_a_new_key(
    alpha: Caisse, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, desk = two_browsers(alpha, clock)

    def then_the_night(*args: Any, **kwargs: Any) -> bool:
        clock.move(minutes=5)
        ended = end_other_sessions(*args, **kwargs)
        forget(tenant=alpha.schema_name)
        return ended

    monkeypatch.setattr(views, "end_other_sessions", then_the_night)
    desk.post(END_OTHERS)
    assert is_in(desk)
    assert rows(alpha) == 1


def test_the_table_holds_no_key_and_none_of_the_browser_s_own_words(alpha: Caisse) -> None:
    desk = at(f"{DESK} <b>Bonjour</b>")
    sign_in(desk, alpha)
    with tenant_context(alpha):
        row = OpenSession.objects.get()
        assert row.user == user_of(alpha)
    assert row.digest != desk.cookies["guichet_session"].value
    assert (row.browser, row.system) == ("Edge", "Windows")


def test_who_signs_in_over_somebody_else_is_written_down_under_the_new_key(alpha: Caisse) -> None:
    """The session of the other is emptied, and the new one has no key until it is saved."""
    desk = at(DESK)
    enter_secret(desk)
    put_in(desk, alpha, user_of(alpha, kind=User.Kind.STAFF))
    enter_code(desk, sms_codes(alpha)[-1])
    with tenant_context(alpha):
        row = OpenSession.objects.get(user=user_of(alpha))
    assert row.digest == SessionStore.stored_key(desk.cookies["guichet_session"].value)
    assert is_in(desk)


def test_a_warm_page_asks_nothing_more(alpha: Caisse, clock: Clock) -> None:
    """Neither of the rows of sessions, nor of the seconds that are left."""
    desk = at(DESK)
    sign_in(desk, alpha)
    desk.get("/contrats/")
    with CaptureQueriesContext(connection) as queries:
        desk.get("/contrats/")
    asked = [query["sql"] for query in queries]
    assert not [sql for sql in asked if "opensession" in sql or sql.startswith(("UPDATE", "INSERT"))]
    assert len([sql for sql in asked if "django_session" in sql]) == 1


def test_a_sign_in_notes_its_moment_once_and_reads_the_one_before(alpha: Caisse, clock: Clock) -> None:
    browser = at(DESK)
    sign_in(browser, alpha)
    first = user_of(alpha).last_login
    clock.move(minutes=5)
    with CaptureQueriesContext(connection) as queries:
        sign_in(at(PHONE), alpha)
    written = [query for query in queries if "SET last_login" in query["sql"].replace('"', "")]
    assert len(written) == 1
    assert first is not None
    assert user_of(alpha).last_login == clock.now > first

"""A request that is under way while its session, or what it confirmed, is put an end to."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.test import Client as Browser
from django.urls import get_urlconf, set_urlconf
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.identity.acts import Act
from tenant_apps.identity.devices import all_devices_of
from tenant_apps.identity.end_sessions import end_sessions
from tenant_apps.identity.models import OpenSession, RecoveryCode, User
from tenant_apps.identity.own_devices import add_phone, add_pin, add_totp
from tenant_apps.identity.own_passkeys import add_passkey
from tenant_apps.identity.passkeys import Made
from tenant_apps.identity.renew_codes import renew_codes
from tenant_apps.identity.step_up import StepUpNeededError, begin_step_up, check_step_up
from tenant_apps.identity.views import change_secret, own_devices, security
from tenants.models import Caisse
from tenants.policy.current import current_policy
from tests.concurrency.parallel import at_once
from tests.identity.conftest import BrowserAt
from tests.identity.keypads import KEY, application_shows
from tests.identity.steps import events, publish, put_in, user_of
from tests.identity.test_step_up import codes
from tests.world import ANNE, NOON

END, END_OTHERS = "/securite/appareils/fermer/", "/securite/appareils/fermer-les-autres/"
SIGN_OUT, SECRET = "/deconnexion/", "/securite/secret/"
CHANGE, APPLICATION = "/securite/moyens/", "/securite/moyens/application/"
NEW = "Cerf-volant-bleu-41!"
MANY = 6


def is_in(browser: Browser) -> bool:
    return bool(browser.get("/").status_code == 200)


def one_ended(owner: Browser, thief: Browser, caisse: Caisse) -> None:
    with tenant_context(caisse):
        uuid = OpenSession.objects.order_by("id")[1].uuid
    owner.post(END, {"session": str(uuid)})


def others_ended(owner: Browser, thief: Browser, caisse: Caisse) -> None:
    owner.post(END_OTHERS)


def signed_out(owner: Browser, thief: Browser, caisse: Caisse) -> None:
    """From another window of the same browser."""
    window = Browser(SERVER_NAME=ANNE.host, HTTP_HOST=ANNE.host)
    window.cookies["guichet_session"] = thief.cookies["guichet_session"].value
    window.post(SIGN_OUT)


def ending_others(thief: Browser, caisse: Caisse) -> tuple[Any, str, Callable[[], Any]]:
    return security, "client_address", partial(thief.post, END_OTHERS)


def changing_the_secret(thief: Browser, caisse: Caisse) -> tuple[Any, str, Callable[[], Any]]:
    fields = {"old": ANNE.secret, "password": NEW, "again": NEW}
    return change_secret, "client_address", partial(thief.post, SECRET, fields)


def adding_a_device(thief: Browser, caisse: Caisse) -> tuple[Any, str, Callable[[], Any]]:
    """Confirmed, and about to be done."""
    publish(caisse, {"second_factor": {"methods": ["sms", "totp"]}})
    page = thief.post(CHANGE, {"what": "device.add_totp"}).headers["Location"]
    assert thief.post(page, {"code": codes(caisse)[-1]}).headers["Location"] == APPLICATION
    key = thief.get(APPLICATION).context["key"]
    return (
        own_devices,
        "is_stepped_up",
        partial(thief.post, APPLICATION, {"code": application_shows(key=key)}),
    )


@pytest.mark.parametrize("end", [one_ended, others_ended, signed_out])
@pytest.mark.parametrize("act", [ending_others, changing_the_secret, adding_a_device])
def test_a_session_that_is_ended_while_its_request_is_under_way_does_nothing_and_stays_ended(
    alpha: Caisse,
    browser_at: BrowserAt,
    monkeypatch: pytest.MonkeyPatch,
    end: Callable[[Browser, Browser, Caisse], None],
    act: Callable[[Browser, Caisse], tuple[Any, str, Callable[[], Any]]],
) -> None:
    owner, thief = (put_in(browser_at(ANNE.host), alpha, user_of(alpha)) for _ in range(2))
    module, name, send = act(thief, alpha)
    real = getattr(module, name)

    def meanwhile(*args: Any, **kwargs: Any) -> Any:
        """After the middleware has let the request in, and before its act."""
        monkeypatch.setattr(module, name, real)
        urls = get_urlconf()
        with tenant_context(alpha):
            end(owner, thief, alpha)
        set_urlconf(urls)
        return real(*args, **kwargs)

    monkeypatch.setattr(module, name, meanwhile)
    before = user_of(alpha)
    answer = send()

    assert [is_in(owner), is_in(thief)] == [True, False]
    after = user_of(alpha)
    assert after.session_epoch == before.session_epoch + (end is others_ended)
    assert after.password == before.password
    with tenant_context(alpha):
        assert [each.name for each in all_devices_of(user=after)] == ["mobile"]
    assert events(alpha).count("session.others_ended") == (end is others_ended)
    assert answer.headers["Location"].startswith(("/securite/", "/connexion/"))


def test_of_many_sessions_that_end_the_others_at_once_one_is_left(
    alpha_committed: Caisse, browser_at: BrowserAt
) -> None:
    user = user_of(alpha_committed)
    browsers = [put_in(browser_at(ANNE.host), alpha_committed, user) for _ in range(MANY)]

    at_once([partial(each.post, END_OTHERS) for each in browsers])

    assert [is_in(each) for each in browsers].count(True) == 1
    with tenant_context(alpha_committed):
        assert OpenSession.objects.filter(user=user).count() == 1
        assert User.objects.get(pk=user.pk).session_epoch == user.session_epoch + 1
    assert events(alpha_committed).count("session.others_ended") == 1


def new_codes(*, user: User, act: Act) -> None:
    renew_codes(user=user, act=act, policy=current_policy(), now=timezone.now())


def new_passkey(*, user: User, act: Act) -> None:
    made = Made(b"id", b"key", 0, UUID(int=0))
    add_passkey(user=user, made=made, name="clé", act=act, now=timezone.now())


def new_totp(*, user: User, act: Act) -> None:
    add_totp(user=user, key=KEY, code=application_shows(), act=act, now=timezone.now())


@pytest.mark.parametrize(
    "do",
    [
        new_totp,
        partial(add_pin, pin="481516", now=NOON),
        partial(add_phone, phone="+33639980555", now=NOON),
        new_passkey,
        new_codes,
    ],
)
def test_what_was_confirmed_before_an_act_of_the_agency_is_not_done_after_it(
    alpha: Caisse, do: Callable[..., Any]
) -> None:
    act, user, policy = Act(kind="device.add_totp", form="f-1"), user_of(alpha), {"now": timezone.now()}
    with tenant_context(alpha):
        row = begin_step_up(user=user, act=act, back="/", cancel="/", policy=current_policy(), **policy)
        code = codes(alpha)[-1]
        assert check_step_up(
            user=user, uuid=row.uuid, code=code, policy=current_policy(), address="192.0.2.1", **policy
        ).passed
        end_sessions(user=user_of(alpha))
        with pytest.raises(StepUpNeededError):
            do(user=user, act=act)
        assert [each.name for each in all_devices_of(user=user)] == ["mobile"]
        assert not RecoveryCode.objects.exists()

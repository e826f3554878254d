"""Recovery codes: shown once, each good once at the second step, renewed by their owner."""

import re
from decimal import Decimal

import pytest
from django.db import connection as proxy
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.identity.acts import Act, register_act
from tenant_apps.identity.counters import clear_account
from tenant_apps.identity.forget_devices import forget_devices
from tenant_apps.identity.models import RecoveryCode, SmsDevice, User
from tenant_apps.identity.recovery_codes import make_codes, use_code
from tenant_apps.identity.step_up import OnPaper, begin_step_up, check_step_up
from tenants.models import Caisse
from tenants.policy.current import current_policy
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.keypads import application_shows, with_application
from tests.identity.steps import (
    CODE,
    SIGN_IN,
    WRONG,
    enter_secret,
    events,
    failures,
    mails,
    publish,
    put_in,
    said,
    user_of,
)
from tests.identity.test_blind_step import face
from tests.world import ANNE, BRUNO

LOST, SHOWN = "/connexion/code/secours/", "/connexion/codes-de-secours/"
APPLICATION = "/connexion/second-moyen/application/"
HOME, CHANGE, RENEW = "/securite/", "/securite/moyens/", "/securite/moyens/codes-de-secours/"
# Where who has lost the phone comes to.
MEND = "/securite/?fait=secours"
FEW = {"second_factor": {"methods": ["totp"], "recovery_codes": 3}}
_CODE = re.compile(r'<li class="number">([a-z2-9]{5}-[a-z2-9]{5})</li>')


@pytest.fixture(autouse=True)
def ruled(alpha: Caisse, clock: Clock) -> Caisse:
    publish(alpha, FEW)
    return alpha


def given(caisse: Caisse) -> list[str]:
    """Somebody with an application, and their codes."""
    with_application(caisse, user_of(caisse))
    with tenant_context(caisse):
        return make_codes(user=user_of(caisse), policy=current_policy(), now=timezone.now())


def test_they_are_shown_once_when_the_application_is_linked(ruled: Caisse, browser: Browser) -> None:
    with tenant_context(ruled):
        SmsDevice.objects.all().delete()
    enter_secret(browser)
    key = browser.get(APPLICATION).context["key"]
    assert browser.post(APPLICATION, {"code": application_shows(key=key)}).headers["Location"] == SHOWN
    codes = _CODE.findall(said(browser.get(SHOWN)))
    assert len(codes) == 3
    assert _CODE.findall(said(browser.get(SHOWN))) == codes
    assert browser.get("/").status_code == 302
    assert browser.post(SHOWN).headers["Location"] == "/"
    assert browser.get("/").status_code == 200
    assert browser.get(SHOWN).status_code == 302
    browser.post("/deconnexion/")
    enter_secret(browser)
    assert "Je n’ai plus mon téléphone" in said(browser.get(CODE))
    assert browser.post(LOST, {"code": codes[0]}).headers["Location"] == MEND
    with tenant_context(ruled):
        kept = "".join(RecoveryCode.objects.values_list("digest", flat=True))
        assert not any(code.replace("-", "") in kept for code in codes)


@pytest.mark.parametrize("typing", [str, str.upper, lambda code: code.replace("-", " ")])
def test_one_opens_once_and_the_client_is_told(ruled: Caisse, browser: Browser, typing: type) -> None:
    code = typing(given(ruled)[0])
    enter_secret(browser)
    assert browser.post(LOST, {"code": code}).headers["Location"] == MEND
    assert "Un code de secours a servi." in said(browser.get(MEND))
    assert failures(ruled) == 0
    assert "recovery_code.used" in events(ruled)
    (mail,) = mails(ruled, kind="recovery_code_used")
    assert "Il vous en reste 2." in mail
    assert "Il vous reste <strong>2 codes</strong> sur 3" in said(browser.get(HOME))
    browser.post("/deconnexion/")
    enter_secret(browser)
    assert "Ce code n’est pas le bon" in said(browser.post(LOST, {"code": code}))
    assert failures(ruled) == 1


def test_wrong_and_missing_codes_count_until_the_account_closes(ruled: Caisse, browser: Browser) -> None:
    given(ruled)
    publish(ruled, {"lockout": {"max_failures": 3}})
    enter_secret(browser)
    browser.post(LOST, {"code": ""})
    browser.post(LOST, {"code": "aaaaa-aaaaa"})
    assert failures(ruled) == 2
    assert "Patientez un peu" in said(browser.post(LOST, {"code": "aaaaa-aaaab"}))


def test_a_code_is_its_owner_s_alone(ruled: Caisse, beta: Caisse, browser_at: BrowserAt) -> None:
    publish(beta, FEW)
    given(beta)
    browser = browser_at(BRUNO.host)
    enter_secret(browser, BRUNO)
    code = given(ruled)[0]
    assert browser.post(LOST, {"code": code}).status_code == 200
    with tenant_context(ruled):
        # By who can write to the table.
        RecoveryCode.objects.update(user=user_of(ruled, kind=User.Kind.STAFF))
        assert not use_code(user=user_of(ruled, kind=User.Kind.STAFF), typed=code, now=timezone.now())


def test_blind_the_page_costs_and_says_the_same_to_nobody(ruled: Caisse, browser_at: BrowserAt) -> None:
    publish(ruled, {"second_factor": {"blind": True}})
    given(ruled)
    browser_at(ANNE.host).get(SIGN_IN)  # the policy is read once a process
    stories = []
    for secret in (ANNE.secret, WRONG):
        browser = browser_at(ANNE.host)
        with CaptureQueriesContext(proxy) as queries:
            enter_secret(browser, secret=secret)
            shown = face(browser.get(LOST))
            refused = face(browser.post(LOST, {"code": "aaaaa-aaaaa"}))
        # Who typed a right code after a wrong password must not look for a fault in the code.
        assert "le mot de passe ou le code n’est pas le bon" in refused.words.decode()
        stories.append((shown, refused.status, refused.size, len(queries)))
        with tenant_context(ruled):
            # Each story begins where the other did.
            clear_account(key=user_of(ruled).login_index)
    assert stories[0] == stories[1]


def test_they_are_renewed_once_that_is_confirmed_and_the_old_ones_open_nothing(
    ruled: Caisse, browser: Browser, browser_at: BrowserAt
) -> None:
    old = given(ruled)
    anne = put_in(browser, ruled, user_of(ruled))
    step = anne.post(CHANGE, {"what": "codes.renew"}).headers["Location"]
    assert anne.get(RENEW).headers["Location"] == f"{HOME}?fait=trop-tard"
    assert anne.post(step, {"code": application_shows()}).headers["Location"] == RENEW
    assert not _CODE.findall(said(anne.get(RENEW)))
    new = _CODE.findall(said(anne.post(RENEW)))
    assert len(new) == 3
    assert not set(new) & set(old)
    assert anne.post(RENEW).headers["Location"] == HOME
    assert len(mails(ruled, kind="recovery_codes_made")) == 1
    other = browser_at(ANNE.host)
    enter_secret(other)
    assert other.post(LOST, {"code": old[0]}).status_code == 200
    assert other.post(LOST, {"code": new[0]}).headers["Location"] == MEND


def test_what_the_counter_forgets_takes_the_codes_with_it(ruled: Caisse) -> None:
    given(ruled)
    with tenant_context(ruled):
        client = user_of(ruled)
        assert forget_devices(
            user=client,
            document="passport",
            by=client.uuid,
            reason="perdu",
            policy=current_policy(),
            now=timezone.now(),
        )
        assert not RecoveryCode.objects.exists()


def test_a_caisse_without_them_has_neither_page_nor_link(ruled: Caisse, browser: Browser) -> None:
    publish(ruled, {"second_factor": {"recovery_codes": 0}})
    with_application(ruled, user_of(ruled))
    enter_secret(browser)
    assert "Je n’ai plus mon téléphone" not in said(browser.get(CODE))
    assert browser.get(LOST).status_code == 404


def test_a_lost_application_is_replaced_with_another_code_which_confirms_nothing_else(
    ruled: Caisse, browser: Browser
) -> None:
    codes = given(ruled)
    anne = put_in(browser, ruled, user_of(ruled))
    step = anne.post(CHANGE, {"what": "device.add_totp"}).headers["Location"]
    assert "Confirmer avec ce code" in said(anne.get(step))
    assert "Ce code n’est pas le bon" in said(anne.post(step, {"paper": "aaaaa-aaaaa"}))
    assert failures(ruled) == 1
    assert anne.post(step, {"paper": codes[0]}).headers["Location"] == "/securite/moyens/application/"
    with tenant_context(ruled):
        user, rules, now = user_of(ruled), current_policy(), timezone.now()
        register_act("test.pay", "payer")
        act = Act(kind="test.pay", form="1", amount=Decimal(10), payee="Léa")
        paying = begin_step_up(user=user, act=act, back="/", cancel="/", policy=rules, now=now)
        paper = OnPaper(codes[1])
        check = check_step_up(
            user=user, uuid=paying.uuid, code=paper, policy=rules, address="192.0.2.1", now=now
        )
        assert not check.passed

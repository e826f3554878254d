"""Passkeys: as a second step, alone, and on « Ma sécurité »."""

import json
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.identity.ceremonies import Answer, RelyingParty
from tenant_apps.identity.enrol import enrol_passkey
from tenant_apps.identity.models import PasskeyDevice, SmsDevice, User
from tenant_apps.identity.passkeys import creation_options, made_by
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.authenticators import PRESENT, Authenticator, answers, asked
from tests.identity.conftest import BrowserAt
from tests.identity.steps import (
    CODE,
    WRONG,
    address_failures,
    enter_code,
    enter_secret,
    events,
    failures,
    mails,
    publish,
    put_in,
    said,
    sms_codes,
    told,
    user_of,
)
from tests.identity.test_blind_step import face
from tests.identity.test_step_up import codes
from tests.world import ANNE, BRUNO, Someone

SECOND, ALONE, ENROL = "/connexion/code/cle/", "/connexion/cle/", "/connexion/second-moyen/cle/"
HOME, CHANGE, OWN = "/securite/", "/securite/moyens/", "/securite/moyens/cle/"
RULES: dict[str, Any] = {
    "secret": {"passkey_alone": True},
    "second_factor": {"methods": ["sms", "totp", "passkey"], "recovery_codes": 0},
}
REFUSED = "Cette clé d’accès n’est pas reconnue ici."


def with_passkey(caisse: Caisse, someone: Someone = ANNE, *, user: User | None = None) -> Authenticator:
    """Somebody's phone, whose passkey the caisse knows."""
    authenticator = Authenticator(someone.host)
    party, challenge = RelyingParty(someone.host, caisse.name, f"http://{someone.host}"), bytes(32)
    with tenant_context(caisse):
        owner = user or user_of(caisse)
        options = creation_options(user=owner, name="x", challenge=challenge, party=party)
        made = made_by(Answer(authenticator.creates(options), challenge, party))
        assert made is not None
        assert enrol_passkey(user=owner, made=made, name="Mon téléphone", first=False, now=timezone.now())
    return authenticator


@pytest.fixture(autouse=True)
def ruled(alpha: Caisse, clock: Clock) -> Caisse:
    publish(alpha, RULES)
    return alpha


class TestSecondStep:
    def test_it_opens_and_no_code_is_sent_to_who_has_one(self, ruled: Caisse, browser: Browser) -> None:
        phone = with_passkey(ruled)
        assert enter_secret(browser).headers["Location"] == CODE
        assert "Utiliser ma clé d’accès" in said(browser.get(CODE))
        assert sms_codes(ruled) == []
        assert answers(browser, SECOND, phone).headers["Location"] == "/"
        assert browser.get("/").status_code == 200
        assert failures(ruled) == 0
        with tenant_context(ruled):
            assert PasskeyDevice.objects.get().sign_count == 1

    def test_a_code_by_sms_may_be_asked_for_instead(self, ruled: Caisse, browser: Browser) -> None:
        with_passkey(ruled)
        enter_secret(browser)
        browser.post("/connexion/code/autre/", {"method": "sms"})
        assert enter_code(browser, sms_codes(ruled)[-1]).headers["Location"] == "/"

    def test_an_answer_is_good_once_for_its_own_question_and_half_finished_sign_in(
        self, ruled: Caisse, browser: Browser, browser_at: BrowserAt
    ) -> None:
        phone, other = with_passkey(ruled), browser_at(ANNE.host)
        for each in (browser, other):
            enter_secret(each)
        answer = phone.signs(asked(browser, SECOND))
        asked(other, SECOND)
        assert REFUSED in said(told(other, other.post(SECOND, {"credential": answer})))
        assert browser.post(SECOND, {"credential": answer}).status_code == 302
        browser.post("/deconnexion/")
        enter_secret(browser)
        assert told(browser, browser.post(SECOND, {"credential": answer})).status_code == 200
        # Asked anew, the same browser has another question.
        old = phone.signs(asked(browser, SECOND))
        asked(browser, SECOND)
        assert told(browser, browser.post(SECOND, {"credential": old})).status_code == 200

    def test_a_question_is_too_old_after_five_minutes(
        self, ruled: Caisse, browser: Browser, clock: Clock
    ) -> None:
        phone = with_passkey(ruled)
        enter_secret(browser)
        answer = phone.signs(asked(browser, SECOND))
        clock.move(minutes=5)
        assert told(browser, browser.post(SECOND, {"credential": answer})).status_code == 200

    @pytest.mark.parametrize("spoilt", ["unverified", "elsewhere", "not his", "handle", "key", "nothing"])
    def test_what_is_not_quite_right_counts_and_opens_nothing(
        self, ruled: Caisse, browser: Browser, spoilt: str
    ) -> None:
        phone = with_passkey(ruled)
        enter_secret(browser)
        if spoilt == "unverified":
            phone.flags = PRESENT
        elif spoilt == "elsewhere":
            phone.host = "beta.localhost"
        elif spoilt == "handle":
            phone.handle = bytes(32)
        elif spoilt == "key":
            phone.key = Authenticator("x").key
        elif spoilt == "not his":
            with tenant_context(ruled):
                PasskeyDevice.objects.update(user=User.objects.filter(kind="staff").first())
        answer = phone.signs(asked(browser, SECOND)) if spoilt != "nothing" else '{"id": 1}'
        assert REFUSED in said(told(browser, browser.post(SECOND, {"credential": answer})))
        assert failures(ruled) == 1
        assert "second_step.refused" in events(ruled)

    def test_a_count_that_goes_back_is_refused_and_told(self, ruled: Caisse, browser: Browser) -> None:
        phone = with_passkey(ruled)
        phone.count = 5
        enter_secret(browser)
        answers(browser, SECOND, phone)
        browser.post("/deconnexion/")
        enter_secret(browser)
        assert answers(browser, SECOND, phone).status_code == 302
        browser.post("/deconnexion/")
        phone.count = 4
        enter_secret(browser)
        assert REFUSED in said(told(browser, answers(browser, SECOND, phone)))
        assert "passkey.copied" in events(ruled)
        (mail,) = mails(ruled, kind="passkey_copied")
        assert "«\u202fMon téléphone\u202f»" in mail

    def test_a_row_that_was_copied_to_another_user_signs_for_nobody(self, ruled: Caisse) -> None:
        with_passkey(ruled)
        with tenant_context(ruled):
            device = PasskeyDevice.objects.get()
            device.user_id += 1000
            with pytest.raises(ValueError, match="altered"):
                _ = device.public_key


@pytest.mark.parametrize("owns", [True, False])
def test_blind_the_page_the_question_and_the_refusal_are_alike(
    beta: Caisse, browser_at: BrowserAt, owns: bool
) -> None:
    """Whether the secret was right, and whether the person has a passkey at all."""
    publish(beta, RULES | {"second_factor": {**RULES["second_factor"], "blind": True}})
    phone = with_passkey(beta, BRUNO) if owns else Authenticator(BRUNO.host)
    seen = []
    guesses: list[dict[str, Any]] = [{"identifier": "1777777777"}, {"identifier": "1888888888"}, {}]
    for typed in guesses:
        browser = browser_at(BRUNO.host)
        story = [face(enter_secret(browser, BRUNO, **typed)), face(browser.get(CODE))]
        options = asked(browser, SECOND)
        assert options["allowCredentials"] == []
        options["challenge"] = len(options["challenge"])
        phone.key = Authenticator("x").key
        seen.append([*story, options, face(answers(browser, SECOND, phone))])
    assert seen[0] == seen[1] == seen[2]


class TestAlone:
    def test_it_opens_without_identifier_and_secret(self, ruled: Caisse, browser: Browser) -> None:
        phone = with_passkey(ruled)
        assert "Se connecter avec une clé d’accès" in said(browser.get("/connexion/"))
        answer = answers(browser, ALONE, phone, next="/contrats/")
        assert answer.headers["Location"] == "/contrats/"
        assert browser.get("/").status_code == 200
        assert address_failures(ruled) == 0
        assert events(ruled)[-1] == "sign_in.done"
        assert len(mails(ruled, kind="new_sign_in")) == 1

    def test_a_credential_of_nobody_is_answered_like_one_of_somebody(
        self, ruled: Caisse, browser_at: BrowserAt
    ) -> None:
        known, unknown = with_passkey(ruled), Authenticator(ANNE.host)
        known.key = unknown.key
        faces = [face(answers(browser_at(ANNE.host), ALONE, phone)) for phone in (known, unknown)]
        assert faces[0] == faces[1]
        # The question and the answer, each time.
        assert address_failures(ruled) == 4
        assert events(ruled).count("sign_in.passkey_refused") == 2
        assert failures(ruled) == 0

    def test_the_address_is_braked(self, ruled: Caisse, browser: Browser) -> None:
        publish(ruled, {"lockout": {"address_max_failures": 5}})
        phone = Authenticator(ANNE.host)
        statuses = [answers(browser, ALONE, phone).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        assert browser.post(f"{ALONE}question/").status_code == 429

    @pytest.mark.parametrize("why", ["closed", "secret taken away", "inactive", "staff"])
    def test_who_may_not_come_in_does_not(self, ruled: Caisse, browser: Browser, why: str) -> None:
        staff = user_of(ruled, kind=User.Kind.STAFF)
        phone = with_passkey(ruled, user=staff if why == "staff" else None)
        if why == "closed":
            publish(ruled, {"lockout": {"until_agency": True, "wait": "none"}})
            for _ in range(5):
                enter_secret(browser, secret=WRONG)
        with tenant_context(ruled):
            if why == "secret taken away":
                User.objects.filter(kind="client").update(password="!")
            elif why == "inactive":
                User.objects.filter(kind="client").update(is_active=False)
        page = said(answers(browser, ALONE, phone))
        assert REFUSED in page or "Cet accès est fermé" in page
        assert "sign_in.done" not in events(ruled)

    def test_it_is_not_there_where_the_policy_has_it_not(self, beta: Caisse, browser_at: BrowserAt) -> None:
        browser = browser_at(BRUNO.host)
        assert "clé d’accès" not in said(browser.get("/connexion/"))
        assert browser.post(f"{ALONE}question/").status_code == 404
        assert browser.post(ALONE).status_code == 404

    def test_what_no_browser_would_send_is_refused(self, ruled: Caisse, browser: Browser) -> None:
        phone = with_passkey(ruled)
        good = json.loads(phone.signs(asked(browser, ALONE)))
        spoilt = [
            "",
            "[]",
            "x" * 20_000,
            "[" * 5_000,
            json.dumps(good | {"rawId": "\u00e9"}),
            json.dumps(good | {"response": {**good["response"], "authenticatorData": "AAAA"}}),
            json.dumps(good | {"response": {**good["response"], "clientDataJSON": "bnVsbA"}}),
            json.dumps(good | {"response": {**good["response"], "userHandle": "A"}}),
        ]
        for credential in spoilt:
            asked(browser, ALONE)
            assert browser.post(ALONE, {"credential": credential}).status_code == 200


def test_the_first_second_factor_may_be_one(ruled: Caisse, browser: Browser) -> None:
    with tenant_context(ruled):
        SmsDevice.objects.all().delete()
    assert enter_secret(browser).headers["Location"] == "/connexion/second-moyen/"
    assert "Choisir la clé d’accès" in said(browser.get("/connexion/second-moyen/"))
    phone = Authenticator(ANNE.host)
    options = asked(browser, ENROL)
    assert (options["rp"], options["user"]["name"]) == (
        {"name": "Caisse Alpha", "id": "alpha.localhost"},
        "C-1",
    )
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert REFUSED in said(browser.post(ENROL, {"name": "x", "credential": "{}"}))
    answer = browser.post(
        ENROL, {"name": "Mon téléphone", "credential": phone.creates(asked(browser, ENROL))}
    )
    assert answer.headers["Location"] == "/"
    browser.post("/deconnexion/")
    enter_secret(browser)
    assert answers(browser, SECOND, phone).headers["Location"] == "/"


class TestMySecurity:
    @pytest.fixture
    def anne(self, ruled: Caisse, browser: Browser) -> Browser:
        return put_in(browser, ruled, user_of(ruled))

    def confirm(self, browser: Browser, caisse: Caisse, what: str, **which: str) -> str:
        """By the code that the phone receives; where it leads."""
        page: str = browser.post(CHANGE, {"what": what, **which}).headers["Location"]
        browser.post(f"{page}envoyer/")
        leads: str = browser.post(page, {"code": codes(caisse)[-1]}).headers["Location"]
        return leads

    def test_one_is_added_listed_used_to_confirm_and_removed(self, ruled: Caisse, anne: Browser) -> None:
        phone = Authenticator(ANNE.host)
        assert self.confirm(anne, ruled, "device.add_passkey") == OWN
        answer = anne.post(OWN, {"name": "Mon téléphone", "credential": phone.creates(asked(anne, OWN))})
        assert answer.headers["Location"] == f"{HOME}?fait=moyen"
        page = said(anne.get(HOME))
        assert "Mon téléphone" in page
        assert len(mails(ruled, kind="devices_changed")) == 1
        which = _uuid(ruled)
        step: str = anne.post(CHANGE, {"what": "device.remove_passkey", "which": which}).headers["Location"]
        assert "Confirmer avec ma clé d’accès" in said(anne.get(step))
        question = anne.post(f"{step}cle/").json()
        leads = anne.post(step, {"credential": phone.signs(question)}).headers["Location"]
        assert leads == f"{OWN}retirer/"
        assert anne.post(leads).headers["Location"] == f"{HOME}?fait=retire"
        with tenant_context(ruled):
            assert not PasskeyDevice.objects.exists()

    def test_the_signature_of_one_confirmation_is_none_of_another(self, ruled: Caisse, anne: Browser) -> None:
        phone = with_passkey(ruled)
        put_in(anne, ruled, user_of(ruled))
        first, second = (
            anne.post(CHANGE, {"what": what}).headers["Location"]
            for what in ("device.add_passkey", "device.add_totp")
        )
        answer = phone.signs(anne.post(f"{first}cle/").json())
        assert REFUSED in said(anne.post(second, {"credential": answer}))
        assert failures(ruled) == 1

    def test_the_last_one_stays_where_the_policy_wants_a_second_factor(
        self, ruled: Caisse, anne: Browser
    ) -> None:
        with tenant_context(ruled):
            SmsDevice.objects.all().delete()
        with_passkey(ruled)
        put_in(anne, ruled, user_of(ruled))
        assert "Retirer" not in said(anne.get(HOME))
        asked_for = anne.post(CHANGE, {"what": "device.remove_passkey", "which": _uuid(ruled)})
        assert asked_for.status_code == 404


def _uuid(caisse: Caisse) -> str:
    with tenant_context(caisse):
        return str(PasskeyDevice.objects.get().uuid)

"""Second steps other than SMS: the application, the PIN; several of them; the one that is chosen first."""

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.identity.enrol import enrol_pin, offered_methods
from tenant_apps.identity.models import PinDevice, SmsDevice, TotpDevice
from tenant_apps.identity.totp import code_at, step_of
from tenants.models import Caisse
from tenants.policy.current import current_policy
from tests.clock import Clock
from tests.identity.keypads import (
    KEY,
    PIN,
    WRONG_PIN,
    application_shows,
    drawn,
    pressed,
    with_application,
)
from tests.identity.steps import (
    CODE,
    WRONG,
    enter_code,
    enter_secret,
    events,
    failures,
    publish,
    said,
    sms_codes,
    told,
    user_of,
)

CHOICE = "/connexion/second-moyen/"
APPLICATION, BY_SMS, OWN_PIN = f"{CHOICE}application/", f"{CHOICE}sms/", f"{CHOICE}code-secret/"
SWITCH = "/connexion/code/autre/"
# To keep, of who has just linked an application.
CODES = "/connexion/codes-de-secours/"


@pytest.fixture(autouse=True)
def _standing_clock(clock: Clock) -> None:
    """A code of the application must not change between being computed and being typed."""


def ask_for(caisse: Caisse, *methods: str, blind: bool = False) -> None:
    publish(caisse, {"second_factor": {"methods": list(methods), "required": True, "blind": blind}})


def without_devices(caisse: Caisse) -> None:
    with tenant_context(caisse):
        SmsDevice.objects.all().delete()


class TestApplication:
    @pytest.fixture(autouse=True)
    def _ruled(self, alpha: Caisse) -> None:
        ask_for(alpha, "totp")
        with_application(alpha, user_of(alpha))

    def test_its_code_opens(self, browser: Browser, alpha: Caisse) -> None:
        assert enter_secret(browser).headers["Location"] == CODE
        assert "Le code de votre application" in said(browser.get(CODE))
        assert enter_code(browser, application_shows()).headers["Location"] == "/"
        assert sms_codes(alpha) == []

    def test_a_code_serves_once(self, browser: Browser, alpha: Caisse, browser_at: object) -> None:
        enter_secret(browser)
        code = application_shows()
        enter_code(browser, code)
        browser.post("/deconnexion/")
        enter_secret(browser)
        assert enter_code(browser, code).status_code == 200
        assert enter_code(browser, application_shows(later=1)).status_code == 302

    def test_a_clock_that_drifts_is_followed(self, browser: Browser, alpha: Caisse, clock: Clock) -> None:
        for early in (1, 2, 3):
            clock.move(hours=1)
            enter_secret(browser)
            assert enter_code(browser, application_shows(later=early)).status_code == 302
            browser.post("/deconnexion/")
        with tenant_context(alpha):
            assert TotpDevice.objects.get().drift == 3

    def test_wrong_codes_count_on_the_account(self, browser: Browser, alpha: Caisse) -> None:
        enter_secret(browser)
        enter_code(browser, "000000")
        assert failures(alpha) == 1
        assert "second_step.refused" in events(alpha)

    def test_the_key_is_sealed_for_its_owner(self, alpha: Caisse) -> None:
        with tenant_context(alpha):
            device = TotpDevice.objects.get()
            assert KEY.encode() not in bytes(device.key_sealed)
            device.user_id += 1000
            with pytest.raises(ValueError, match="altered"):
                device.verify_token(application_shows())


class TestPin:
    @pytest.fixture(autouse=True)
    def _ruled(self, alpha: Caisse, clock: Clock) -> None:
        ask_for(alpha, "pin")
        with tenant_context(alpha):
            enrol_pin(user=user_of(alpha), pin=PIN, first=False, now=clock.now)

    def test_it_opens_on_the_keypad(self, browser: Browser) -> None:
        enter_secret(browser)
        page = browser.get(CODE)
        assert browser.post(CODE, pressed(drawn(page, "code"), PIN)).headers["Location"] == "/"

    def test_it_opens_in_the_twin(self, browser: Browser) -> None:
        enter_secret(browser)
        assert enter_code(browser, PIN).headers["Location"] == "/"

    def test_a_wrong_one_counts(self, browser: Browser, alpha: Caisse) -> None:
        enter_secret(browser)
        answer = enter_code(browser, WRONG_PIN)
        assert "Ce code secret n’est pas le bon." in said(answer)
        assert failures(alpha) == 1

    def test_a_display_of_the_first_step_is_none_of_the_second(self, browser: Browser) -> None:
        enter_secret(browser)
        page = browser.get(CODE)
        assert told(browser, browser.post(CODE, pressed(drawn(page, "code"), WRONG_PIN))).status_code == 200
        assert told(browser, browser.post(CODE, pressed(drawn(page, "code"), PIN))).status_code == 200


class TestSeveral:
    @pytest.fixture(autouse=True)
    def _ruled(self, alpha: Caisse) -> None:
        ask_for(alpha, "totp", "sms")
        with_application(alpha, user_of(alpha))

    def test_the_first_of_the_policy_is_asked_and_the_other_offered(
        self, browser: Browser, alpha: Caisse
    ) -> None:
        enter_secret(browser)
        assert "Recevoir plutôt un code par SMS" in said(browser.get(CODE))
        assert sms_codes(alpha) == []
        assert browser.post(SWITCH, {"method": "sms"}).headers["Location"] == CODE
        assert enter_code(browser, sms_codes(alpha)[-1]).headers["Location"] == "/"

    def test_a_code_of_the_one_does_not_pass_for_the_other(self, browser: Browser, alpha: Caisse) -> None:
        enter_secret(browser)
        browser.post(SWITCH, {"method": "sms"})
        assert enter_code(browser, application_shows()).status_code == 200

    @pytest.mark.parametrize("method", ["pin", "", "x", "totp'"])
    def test_what_one_does_not_have_cannot_be_chosen(self, browser: Browser, method: str) -> None:
        enter_secret(browser)
        assert browser.post(SWITCH, {"method": method}).status_code == 404

    def test_blind_one_page_takes_any_of_them_and_offers_no_choice(
        self, browser: Browser, alpha: Caisse
    ) -> None:
        ask_for(alpha, "totp", "sms", blind=True)
        enter_secret(browser)
        page = said(browser.get(CODE))
        assert "Votre second code" in page
        assert "plutôt" not in page
        assert browser.post(SWITCH, {"method": "sms"}).status_code == 404
        assert enter_code(browser, application_shows()).headers["Location"] == "/"


class TestFirstTime:
    @pytest.fixture(autouse=True)
    def _ruled(self, alpha: Caisse) -> None:
        without_devices(alpha)

    def key_on(self, page: object) -> str:
        return str(page.context["key"])  # type: ignore[attr-defined]  # Django's test answer has the template's context

    def test_an_application_is_linked_inside_the_sign_in(self, browser: Browser, alpha: Caisse) -> None:
        ask_for(alpha, "totp")
        assert enter_secret(browser).headers["Location"] == CHOICE
        assert browser.get(CHOICE).headers["Location"] == APPLICATION
        assert browser.get("/").status_code == 302
        page = browser.get(APPLICATION)
        picture = browser.get(f"{APPLICATION}qr.svg")
        assert picture.headers["Content-Type"].startswith("image/svg+xml")
        key = self.key_on(page)
        assert self.key_on(browser.get(APPLICATION)) == key
        wrong = browser.post(APPLICATION, {"code": "000000"})
        assert "Ce code n’est pas le bon" in said(wrong)
        assert browser.post(APPLICATION, {"code": code_at(key, _step())}).headers["Location"] == CODES
        assert browser.post(CODES).headers["Location"] == "/"
        assert browser.get("/").status_code == 200
        with tenant_context(alpha):
            assert TotpDevice.objects.get().confirmed

    def test_the_code_that_linked_it_has_served(self, browser: Browser, alpha: Caisse) -> None:
        ask_for(alpha, "totp")
        enter_secret(browser)
        code = code_at(self.key_on(browser.get(APPLICATION)), _step())
        browser.post(APPLICATION, {"code": code})
        browser.post("/deconnexion/")
        enter_secret(browser)
        assert enter_code(browser, code).status_code == 200

    def test_the_picture_says_whose_code_it_is_and_no_identifier(
        self, browser: Browser, alpha: Caisse
    ) -> None:
        ask_for(alpha, "totp")
        enter_secret(browser)
        address = browser.get(APPLICATION).context["address"]
        assert "Caisse%20Alpha" in address
        assert "1000000001" not in address

    def test_of_several_the_person_chooses(self, browser: Browser, alpha: Caisse) -> None:
        ask_for(alpha, "totp", "sms")
        enter_secret(browser)
        page = said(browser.get(CHOICE))
        assert "Avec une application" in page
        assert "Par SMS" in page
        assert "Avec un code secret" not in page

    def test_a_phone_is_linked_once_its_code_comes_back(self, browser: Browser, alpha: Caisse) -> None:
        ask_for(alpha, "totp", "sms")
        enter_secret(browser)
        assert "Recevoir le code" in said(browser.get(BY_SMS))
        assert sms_codes(alpha) == []
        browser.post(f"{BY_SMS}envoyer/")
        assert browser.post(BY_SMS, {"code": "000000"}).status_code == 200
        assert failures(alpha) == 1
        assert browser.post(BY_SMS, {"code": sms_codes(alpha)[-1]}).headers["Location"] == "/"
        assert failures(alpha) == 0
        with tenant_context(alpha):
            assert SmsDevice.objects.get().confirmed

    def test_guessing_the_code_of_the_phone_locks_like_anything_else(
        self, browser: Browser, alpha: Caisse
    ) -> None:
        publish(
            alpha, {"second_factor": {"methods": ["sms"]}, "lockout": {"max_failures": 3, "wait": "15 min"}}
        )
        enter_secret(browser)
        browser.post(f"{BY_SMS}envoyer/")
        answers = [browser.post(BY_SMS, {"code": "000000"}) for _ in range(3)]
        assert "Vous pourrez réessayer dans" in said(answers[-1])
        assert browser.get(BY_SMS).headers["Location"] == "/connexion/"

    def test_a_pin_is_chosen_twice(self, browser: Browser, alpha: Caisse) -> None:
        ask_for(alpha, "pin")
        enter_secret(browser)
        page = browser.get(OWN_PIN)
        fields = {
            **pressed(drawn(page, "pin"), PIN, prefix="pin-"),
            **pressed(drawn(page, "again"), PIN, prefix="again-"),
        }
        assert browser.post(OWN_PIN, fields).headers["Location"] == "/"
        with tenant_context(alpha):
            assert PinDevice.objects.get().verify_token(PIN)

    @pytest.mark.parametrize(
        ("pin", "again", "why"),
        [
            ("111111", "111111", "Tous les chiffres sont les mêmes"),
            ("123456", "123456", "se suivent"),
            ("010180", "010180", "date de naissance"),
            (PIN, WRONG_PIN, "pas les mêmes"),
            (PIN, "", "une seconde fois"),
            ("", "", "Choisissez un code secret"),
        ],
    )
    def test_a_pin_to_mend_is_explained(
        self, browser: Browser, alpha: Caisse, pin: str, again: str, why: str
    ) -> None:
        ask_for(alpha, "pin")
        enter_secret(browser)
        answer = browser.post(OWN_PIN, {"pin": pin, "again": again})
        assert answer.status_code == 200
        assert why in said(answer)
        with tenant_context(alpha):
            assert not PinDevice.objects.exists()

    def test_a_method_that_the_policy_leaves_out_is_not_found(self, browser: Browser, alpha: Caisse) -> None:
        ask_for(alpha, "totp")
        enter_secret(browser)
        assert browser.get(OWN_PIN).status_code == 404
        assert browser.get(BY_SMS).status_code == 404

    def test_without_a_number_on_file_the_agency_is_named(self, browser: Browser, alpha: Caisse) -> None:
        ask_for(alpha, "sms")
        with tenant_context(alpha):
            client = user_of(alpha).client
            assert client is not None
            client.mobile = ""
            client.save()
            assert offered_methods(user=user_of(alpha), policy=current_policy()) == []
        enter_secret(browser)
        assert "Votre agence ne connaît pas encore votre numéro" in said(browser.get(CHOICE))

    def test_a_wrong_secret_never_gets_there_even_where_the_step_is_blind(
        self, browser: Browser, alpha: Caisse
    ) -> None:
        ask_for(alpha, "totp", blind=True)
        assert enter_secret(browser, secret=WRONG).headers["Location"] == CODE
        assert browser.get(CHOICE).headers["Location"] == CODE
        assert enter_secret(browser).headers["Location"] == CHOICE

    def test_nobody_gets_there_without_a_first_step(self, browser: Browser) -> None:
        for page in (CHOICE, APPLICATION, BY_SMS, OWN_PIN, f"{APPLICATION}qr.svg"):
            assert browser.get(page).headers["Location"] == "/connexion/"


def _step() -> int:
    return step_of(timezone.now())

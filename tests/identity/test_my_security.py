"""« Ma sécurité »: what it shows, the change of one's own secret and of one's own second factors."""

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.identity.models import SmsDevice, TotpDevice, User
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.keypads import (
    PIN,
    PIN_ALONE,
    application_shows,
    drawn,
    pressed,
    with_application,
    with_pin,
)
from tests.identity.steps import (
    WRONG,
    enter_code,
    enter_secret,
    events,
    failures,
    mails,
    publish,
    put_in,
    said,
    sign_in,
    user_of,
)
from tests.identity.test_step_up import codes
from tests.world import ANNE, BRUNO

HOME, SECRET, CHANGE = "/securite/", "/securite/secret/", "/securite/moyens/"
APPLICATION, REMOVE, BY_SMS = (
    "/securite/moyens/application/",
    "/securite/moyens/retirer/",
    "/securite/moyens/sms/",
)
NEW = "Cerf-volant-bleu-41!"
BOTH = {"second_factor": {"methods": ["sms", "totp"]}}


@pytest.fixture
def anne(alpha: Caisse, browser: Browser, clock: Clock) -> Browser:
    return put_in(browser, alpha, user_of(alpha))


def another(caisse: Caisse) -> Browser:
    """One more browser of Anne's."""
    return put_in(Browser(SERVER_NAME=ANNE.host, HTTP_HOST=ANNE.host), caisse, user_of(caisse))


def is_in(browser: Browser) -> bool:
    return browser.get("/").status_code == 200


def change(browser: Browser, *, old: str = ANNE.secret, new: str = NEW, again: str = "") -> str:
    fields = {"old": old, "password": new, "again": again or new}
    return said(browser.post(SECRET, fields, follow=True))


def asked_for(browser: Browser, what: str) -> str:
    """The page of the code."""
    where: str = browser.post(CHANGE, {"what": what}).headers["Location"]
    return where


def test_it_shows_how_one_signs_in_what_happened_and_whom_to_call(alpha: Caisse, browser: Browser) -> None:
    sign_in(browser, alpha)
    page = said(browser.get(HOME))
    for part in (
        "Votre mot de passe",
        "Code par SMS",
        "•• •• •• •0 01",
        "Connexion réussie",
        "tel:+33465710001",
    ):
        assert part in page
    assert ANNE.phone not in page
    assert ANNE.identifier not in page
    assert "conditions d’utilisation" not in page


def test_what_happened_is_one_s_own_alone(alpha: Caisse, beta: Caisse, browser_at: BrowserAt) -> None:
    sign_in(browser_at(ANNE.host), alpha)
    bruno = put_in(browser_at(BRUNO.host), beta, user_of(beta))
    assert "Connexion réussie" not in said(bruno.get(HOME))


def test_the_secret_is_changed_others_are_out_and_the_client_is_told(alpha: Caisse, anne: Browser) -> None:
    other = another(alpha)
    assert "votre nouveau mot de passe est enregistré" in change(anne)
    assert [is_in(each) for each in (anne, other)] == [True, False]
    (mail,) = mails(alpha, kind="secret_changed")
    assert "Mme Alpha" in mail
    assert NEW not in mail
    assert "secret.changed" in events(alpha)
    fresh = Browser(SERVER_NAME=ANNE.host, HTTP_HOST=ANNE.host)
    assert enter_secret(fresh, secret=NEW).headers["Location"] == "/connexion/code/"
    assert "Choisi le" in said(anne.get(HOME))


def test_who_has_no_address_is_told_by_sms(alpha: Caisse, anne: Browser) -> None:
    with tenant_context(alpha):
        Client.objects.update(email="")
    change(anne)
    (text,) = mails(alpha, kind="secret_changed")
    assert "vient de changer" in text


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"new": "court"}, "Il en faut 12 au moins"),
        ({"again": f"{NEW}!"}, "ne sont pas les mêmes"),
        ({"old": ""}, "Saisissez votre mot de passe actuel"),
    ],
)
def test_the_rules_are_those_of_any_new_secret(
    alpha: Caisse, anne: Browser, fields: dict[str, str], why: str
) -> None:
    assert why in change(anne, **fields)
    assert failures(alpha) == 0
    assert "secret.changed" not in events(alpha)


def test_the_same_again_is_no_change(alpha: Caisse, anne: Browser) -> None:
    change(anne)
    assert "C’est votre mot de passe actuel" in change(anne, old=NEW)
    assert events(alpha).count("secret.changed") == 1


def test_a_wrong_old_secret_counts_until_the_account_is_closed_to_tries(alpha: Caisse, anne: Browser) -> None:
    assert "<strong>4 essais</strong>" in change(anne, old=WRONG)
    assert "Patientez un peu" in [change(anne, old=WRONG) for _ in range(4)][-1]
    assert "Patientez un peu" in change(anne)
    assert failures(alpha) == 5
    assert is_in(anne)


def test_a_pin_is_changed_on_three_keypads(alpha: Caisse, anne: Browser) -> None:
    publish(
        alpha,
        {"secret": {"kind": "pin"}, "second_factor": {"required": False, "methods": []}, **PIN_ALONE},
    )
    with_pin(alpha, user_of(alpha))
    anne = put_in(anne, alpha, user_of(alpha))
    page = anne.get(SECRET)
    fields: dict[str, str] = {}
    for name, pin in (("old", PIN), ("pin", "962372"), ("again", "962372")):
        fields |= pressed(drawn(page, name), pin, prefix=f"{name}-")
    assert "votre nouveau code secret est enregistré" in said(anne.post(SECRET, fields, follow=True))
    same = {"old": "962372", "pin": "962372", "again": "962372"}
    assert "C’est votre code secret actuel" in said(anne.post(SECRET, same))


def test_an_application_is_added_once_the_phone_has_confirmed(alpha: Caisse, anne: Browser) -> None:
    publish(alpha, BOTH)
    other = another(alpha)
    assert "Ajouter une application" in said(anne.get(HOME))
    assert anne.get(APPLICATION).headers["Location"] == HOME
    confirm = asked_for(anne, "device.add_totp")
    assert "Relier une application d’authentification" in said(anne.get(confirm))
    assert anne.get(APPLICATION).headers["Location"] == f"{HOME}?fait=trop-tard"
    assert anne.post(confirm, {"code": codes(alpha)[0]}).headers["Location"] == APPLICATION
    page = anne.get(APPLICATION)
    key = page.context["key"]
    assert anne.get(APPLICATION).context["key"] == key
    assert "n’est pas le bon" in said(anne.post(APPLICATION, {"code": "000000"}))
    done = anne.post(APPLICATION, {"code": application_shows(key=key)}, follow=True)
    assert "Vos codes de secours" in said(done)
    assert [is_in(each) for each in (anne, other)] == [True, False]
    assert len(mails(alpha, kind="devices_changed")) == 1
    with tenant_context(alpha):
        assert TotpDevice.objects.filter(user_id=1, confirmed=True).count() == 1
    # What was confirmed has served.
    assert anne.get(APPLICATION).headers["Location"] == HOME


def test_the_confirmation_of_one_change_opens_no_other(alpha: Caisse, anne: Browser) -> None:
    publish(alpha, BOTH)
    with_application(alpha, user_of(alpha))
    anne = put_in(anne, alpha, user_of(alpha))
    anne.post(asked_for(anne, "device.add_totp"), {"code": codes(alpha)[0]})
    asked_for(anne, "device.remove_sms")
    assert anne.get(REMOVE).headers["Location"] == f"{HOME}?fait=trop-tard"
    assert anne.post(REMOVE).headers["Location"] == f"{HOME}?fait=trop-tard"
    assert anne.get(APPLICATION).headers["Location"] == HOME
    with tenant_context(alpha):
        assert SmsDevice.objects.filter(user_id=1).exists()


def test_one_of_two_is_removed_and_the_last_one_stays(alpha: Caisse, anne: Browser) -> None:
    publish(alpha, BOTH)
    assert anne.post(CHANGE, {"what": "device.remove_sms"}).status_code == 404
    with_application(alpha, user_of(alpha))
    anne = put_in(anne, alpha, user_of(alpha))
    confirm = asked_for(anne, "device.remove_totp")
    assert anne.post(confirm, {"code": codes(alpha)[0]}).headers["Location"] == REMOVE
    assert "Il vous restera" in said(anne.get(REMOVE))
    assert "ce moyen est retiré" in said(anne.post(REMOVE, follow=True))
    assert is_in(anne)
    with tenant_context(alpha):
        assert not TotpDevice.objects.exists()
    assert "second_factor.removed" in events(alpha)
    assert anne.post(CHANGE, {"what": "device.remove_sms"}).status_code == 404


def test_the_number_on_file_is_added_once_a_code_came_back(
    alpha: Caisse, anne: Browser, clock: Clock
) -> None:
    publish(alpha, {"second_factor": {"methods": ["totp", "sms"]}})
    with_application(alpha, user_of(alpha))
    with tenant_context(alpha):
        SmsDevice.objects.all().delete()
    anne = put_in(anne, alpha, user_of(alpha))
    confirm = asked_for(anne, "device.add_sms")
    assert anne.post(confirm, {"code": application_shows(later=1)}).headers["Location"] == BY_SMS
    assert "Recevoir le code" in said(anne.get(BY_SMS))
    anne.post(BY_SMS, {"send": "1"})
    code = mails(alpha, kind="sms_code")[-1].split("code est ")[1][:6]
    assert "ce moyen est enregistré" in said(anne.post(BY_SMS, {"code": code}, follow=True))
    assert "•• •• •• •0 01" in said(anne.get(HOME))


def test_a_phone_that_receives_codes_is_replaced_at_the_agency(alpha: Caisse, anne: Browser) -> None:
    assert anne.post(CHANGE, {"what": "device.add_sms"}).status_code == 404
    assert "Votre agence vérifie qui vous êtes" in said(anne.get(HOME))


def test_staff_have_it_too_in_their_own_frame(alpha: Caisse, browser_at: BrowserAt) -> None:
    staff = put_in(browser_at(ANNE.host), alpha, user_of(alpha, kind=User.Kind.STAFF))
    page = said(staff.get("/agence/securite/"))
    assert "Espace de l’agence" in page
    assert 'href="/agence/securite/secret/"' in page
    fields = {"old": "Agent-au-guichet-3!", "password": NEW, "again": NEW}
    answer = staff.post("/agence/securite/secret/", fields)
    assert answer.headers["Location"] == "/agence/securite/?fait=secret"
    assert staff.get("/securite/").status_code == 404


def test_a_sign_in_after_the_change_asks_the_new_application(
    alpha: Caisse, anne: Browser, clock: Clock
) -> None:
    publish(alpha, {"second_factor": {"methods": ["totp", "sms"]}})
    confirm = asked_for(anne, "device.add_totp")
    anne.post(confirm, {"code": codes(alpha)[0]})
    key = anne.get(APPLICATION).context["key"]
    anne.post(APPLICATION, {"code": application_shows(key=key)})
    clock.move(minutes=2)
    fresh = Browser(SERVER_NAME=ANNE.host, HTTP_HOST=ANNE.host)
    enter_secret(fresh)
    assert enter_code(fresh, application_shows(key=key)).headers["Location"] == "/"

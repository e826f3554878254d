"""Forgetting the second factors that a client can no longer use, in front of the person."""

import pytest
from django.apps import apps
from django.test import Client as Browser
from django_otp.models import Device
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.desk import wording
from tenant_apps.identity.devices import device_models
from tenant_apps.identity.models import SmsDevice
from tenants.models import Caisse
from tests.desk.conftest import BrowserAt
from tests.desk.counter import FORGET, act_of, file_of, journal, phones, posted, sent, staff_uuid, words
from tests.identity.steps import publish, put_in, user_of
from tests.world import ANNE, BRUNO

ACT = "seconde-etape"


@pytest.fixture
def by_application(alpha: Caisse) -> Caisse:
    """Alpha, where no code goes by SMS any more: what is left of a phone serves nothing."""
    publish(alpha, {"second_factor": {"methods": ["totp"]}})
    return alpha


def forget(desk: Browser, client: Client, **fields: str) -> str:
    """Where the counter is sent afterwards."""
    answer = desk.post(act_of(client, ACT), {**FORGET, **fields})
    return str(answer.headers.get("Location", answer.status_code))


def test_what_the_client_can_no_longer_use_is_forgotten(
    by_application: Caisse, desk: Browser, anne: Client
) -> None:
    assert "Oublier la seconde étape" in words(desk.get(file_of(anne)))
    assert "<li>Code par SMS</li>" in words(desk.get(act_of(anne, ACT)))
    assert forget(desk, anne) == f"{file_of(anne)}?fait=oublie"
    assert phones(by_application) == (ANNE.phone, [])
    page = words(desk.get(file_of(anne)))
    assert "aucun moyen enregistré" in page
    assert "Oublier la seconde étape" not in page


def test_the_mobile_of_the_file_stays_where_codes_go_by_sms(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    """Were it forgotten, whoever knows the password could name a phone of their own, or the client never come in."""
    assert "Oublier la seconde étape" not in words(desk.get(file_of(anne)))
    assert "Il n’y a rien à oublier" in words(desk.get(act_of(anne, ACT)))
    assert forget(desk, anne).endswith("?fait=rien-a-oublier")
    assert phones(alpha) == (ANNE.phone, [ANNE.phone])
    assert journal(alpha, "account.devices_forgotten") == []


def test_a_phone_that_was_never_confirmed_goes_even_there(alpha: Caisse, desk: Browser, anne: Client) -> None:
    with tenant_context(alpha):
        SmsDevice.objects.create(user=user_of(alpha), name="asked", phone="+33639980777", confirmed=False)
    assert forget(desk, anne).endswith("?fait=oublie")
    assert phones(alpha) == (ANNE.phone, [ANNE.phone])


def test_every_kind_of_device_of_ours_is_covered_and_none_of_a_library() -> None:
    models = device_models()
    assert SmsDevice in models
    ours = [
        each
        for each in apps.get_models()
        if issubclass(each, Device) and each.__module__.startswith("tenant_apps.")
    ]
    assert set(models) == set(ours)


def test_every_kind_of_device_has_its_words() -> None:
    assert {str(model._meta.model_name) for model in device_models()} <= set(wording.DEVICES)


def test_every_session_of_the_client_ends(
    by_application: Caisse, beta: Caisse, desk: Browser, anne: Client, browser_at: BrowserAt
) -> None:
    inside = put_in(browser_at(ANNE.host), by_application, user_of(by_application))
    far = put_in(browser_at(BRUNO.host), beta, user_of(beta))
    forget(desk, anne)
    assert inside.get("/").status_code == 302
    assert far.get("/").status_code == 200


def test_the_journal_keeps_who_did_it_why_what_was_seen_and_what_went(
    by_application: Caisse, desk: Browser, anne: Client
) -> None:
    forget(desk, anne, document="residence_permit", reason="wrong_codes", note="essayé trois fois")
    [event] = journal(by_application, "account.devices_forgotten")
    assert event.details == {
        "by": staff_uuid(by_application),
        "reason": "wrong_codes: essayé trois fois",
        "document": "residence_permit",
        "devices": ["smsdevice"],
    }
    page = words(desk.get(file_of(anne)))
    assert "Seconde étape remise à zéro par l’agence" in page
    assert "L’application ne donne plus de bon code (essayé trois fois)" in page


def test_the_client_is_told_by_mail_or_by_sms(by_application: Caisse, desk: Browser, anne: Client) -> None:
    forget(desk, anne)
    with tenant_context(by_application):
        Client.objects.update(email="")
        SmsDevice.objects.create(user=user_of(by_application), name="old", phone=ANNE.phone)
    forget(desk, anne)
    told = [(each["channel"], each["to"]) for each in sent(by_application, "devices_forgotten")]
    assert told == [("mail", "client@alpha.example.org"), ("sms", ANNE.phone)]


def test_twice_does_it_once(by_application: Caisse, desk: Browser, anne: Client) -> None:
    assert forget(desk, anne).endswith("?fait=oublie")
    assert forget(desk, anne).endswith("?fait=rien-a-oublier")
    assert len(journal(by_application, "account.devices_forgotten")) == 1
    assert len(sent(by_application, "devices_forgotten")) == 1
    assert user_of(by_application).session_epoch == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"document": ""}, "Choisissez la pièce d’identité que vous avez vue"),
        ({"present": ""}, "Cochez cette case quand la personne est devant vous"),
        ({"reason": ""}, "Choisissez une raison"),
        ({"reason": "other"}, "Dites pourquoi en quelques mots"),
        ({"note": "a" * 300}, "Raccourcissez ce texte"),
        ({"note": "\x00"}, "un caractère qui ne peut pas y être"),
    ],
)
def test_without_the_person_a_document_and_a_reason_nothing_is_forgotten(
    by_application: Caisse, desk: Browser, anne: Client, fields: dict[str, str], said: str
) -> None:
    answer = posted(desk, act_of(anne, ACT), {**FORGET, **fields})
    assert answer.status_code == 200
    assert said in words(answer)
    assert phones(by_application) == (ANNE.phone, [ANNE.phone])


def test_the_devices_of_the_other_caisse_stay(
    by_application: Caisse, beta: Caisse, desk: Browser, anne: Client, bruno: Client
) -> None:
    publish(beta, {"second_factor": {"methods": ["totp"]}})
    assert forget(desk, bruno) == "404"
    forget(desk, anne)
    assert phones(beta) == (BRUNO.phone, [BRUNO.phone])

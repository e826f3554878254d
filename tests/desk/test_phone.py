"""Replacing a lost or dead phone, in front of the person."""

import re

import pytest
from django.test import Client as Browser
from django.test import override_settings
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.identity.enrol import enrol_pin
from tenant_apps.identity.models import SmsDevice, User
from tenant_apps.messaging.recipients import recipient_digest
from tenants.models import Caisse
from tests.desk.conftest import BrowserAt
from tests.desk.counter import (
    NEW,
    NEW_STORED,
    PHONE,
    act_of,
    file_of,
    journal,
    phones,
    posted,
    register,
    seen,
    sent,
    staff_uuid,
    words,
)
from tests.desk.test_messages import again, lost
from tests.identity.steps import enter_code, enter_secret, publish, put_in, sign_in, sms_codes, user_of
from tests.world import ANNE, BRUNO, NOON

ACT = "telephone"


def replace(desk: Browser, client: Client, **fields: str) -> str:
    """The answers and the confirmation at once; where the counter is sent afterwards."""
    shown = hidden(desk.get(act_of(client, ACT)).content.decode())
    answer = posted(desk, act_of(client, ACT), {**PHONE, **shown, "confirm": "1", **fields})
    return str(answer.headers.get("Location", answer.status_code))


def hidden(page: str) -> dict[str, str]:
    """What the page to check would send."""
    form = page.partition("<main")[2].partition("<form")[2]
    fields = re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"', form)
    return {name: value for name, value in fields if name != "csrfmiddlewaretoken"}


def test_the_answers_are_shown_to_check_before_anything_changes(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    answer = posted(desk, act_of(anne, ACT), {**PHONE, **seen(alpha, anne)})
    page = words(answer)
    for text in (
        "Vérifiez avant de remplacer",
        NEW,
        "••• 001",
        "Carte d’identité",
        "Téléphone perdu ou volé",
    ):
        assert text in page
    assert ANNE.phone[-8:] not in page
    assert phones(alpha) == (ANNE.phone, [ANNE.phone])
    assert journal(alpha, "account.phone_replaced") == []

    done = posted(desk, act_of(anne, ACT), {**hidden(answer.content.decode()), "confirm": "1"})
    assert done.headers["Location"] == f"{file_of(anne)}?fait=telephone"
    assert phones(alpha) == (NEW_STORED, [NEW_STORED])


def test_who_sees_a_mistake_goes_back_to_the_answers(alpha: Caisse, desk: Browser, anne: Client) -> None:
    answer = posted(desk, act_of(anne, ACT), {**PHONE, **seen(alpha, anne), "edit": "1"})
    page = words(answer)
    assert f'value="{NEW}"' in page
    assert "checked" in page
    assert "Erreur" not in page
    assert phones(alpha) == (ANNE.phone, [ANNE.phone])


def test_the_next_code_goes_to_the_new_number(
    alpha: Caisse, desk: Browser, anne: Client, browser_at: BrowserAt
) -> None:
    replace(desk, anne)
    browser = browser_at(ANNE.host)
    enter_secret(browser)
    assert sent(alpha, "sms_code")[-1]["to"] == NEW_STORED
    assert enter_code(browser, sms_codes(alpha)[-1]).headers["Location"] == "/"


def test_a_code_that_the_lost_phone_has_received_opens_nothing(
    alpha: Caisse, desk: Browser, anne: Client, browser_at: BrowserAt
) -> None:
    browser = browser_at(ANNE.host)
    enter_secret(browser)
    replace(desk, anne)
    assert enter_code(browser, sms_codes(alpha)[-1]).headers["Location"] == "/connexion/"
    assert browser.get("/").status_code == 302


def test_every_session_of_the_client_ends_and_no_other(
    alpha: Caisse, beta: Caisse, desk: Browser, anne: Client, browser_at: BrowserAt
) -> None:
    first, second, bruno = browser_at(ANNE.host), browser_at(ANNE.host), browser_at(BRUNO.host)
    sign_in(first, alpha)
    put_in(second, alpha, user_of(alpha))
    put_in(bruno, beta, user_of(beta))
    replace(desk, anne)
    assert [each.get("/").status_code for each in (first, second)] == [302, 302]
    assert bruno.get("/").status_code == 200
    assert desk.get(file_of(anne)).status_code == 200
    put_in(first, alpha, user_of(alpha))
    assert first.get("/").status_code == 200


def test_the_number_that_is_left_is_told_without_the_new_one(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    replace(desk, anne)
    sms, mail = sent(alpha, "phone_replaced")
    assert (sms["channel"], sms["to"]) == ("sms", ANNE.phone)
    assert (mail["channel"], mail["to"]) == ("mail", "client@alpha.example.org")
    for message in (sms, mail):
        assert "77 77" not in message["text"]
        assert NEW_STORED[-4:] not in message["text"]


def test_a_first_number_tells_nobody_by_sms(alpha: Caisse, desk: Browser) -> None:
    client = register(alpha, "C-2", identifier="1000000002")
    replace(desk, client)
    assert sent(alpha, "phone_replaced") == []
    with tenant_context(alpha):
        assert SmsDevice.objects.get(user__client=client).phone == NEW_STORED


def test_the_journal_keeps_who_did_it_why_and_what_was_seen(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    replace(desk, anne, document="passport", reason="other", note="tombé à l’eau")
    [event] = journal(alpha, "account.phone_replaced")
    assert event.details == {
        "by": staff_uuid(alpha),
        "reason": "other: tombé à l’eau",
        "document": "passport",
    }
    page = words(desk.get(file_of(anne)))
    for text in ("Téléphone remplacé par l’agence", "par Agent", "tombé à l’eau", "pièce vue : Passeport"):
        assert text in page


def test_twice_does_it_once(alpha: Caisse, desk: Browser, anne: Client) -> None:
    assert replace(desk, anne).endswith("?fait=telephone")
    assert replace(desk, anne).endswith("?fait=meme-telephone")
    assert len(journal(alpha, "account.phone_replaced")) == 1
    assert len(sent(alpha, "phone_replaced")) == 2
    assert user_of(alpha).session_epoch == 1


def test_a_page_older_than_a_colleague_s_change_writes_nothing_over_it(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    before = seen(alpha, anne)
    replace(desk, anne)
    fields = {**PHONE, **before, "mobile": "06 39 98 88 88", "confirm": "1"}
    answer = posted(desk, act_of(anne, ACT), fields)
    assert "Un collègue vient de changer ce dossier" in words(answer)
    assert phones(alpha) == (NEW_STORED, [NEW_STORED])
    assert seen(alpha, anne) != before
    assert f'name="seen" value="{seen(alpha, anne)["seen"]}"' in words(answer)


def test_whoever_is_in_as_the_client_does_not_keep_the_agency_from_it(
    alpha: Caisse, desk: Browser, anne: Client, browser_at: BrowserAt
) -> None:
    """A stolen session may end the others, and change second factors, as often as it likes."""
    thief, other = (put_in(browser_at(ANNE.host), alpha, user_of(alpha)) for _ in range(2))
    shown = hidden(desk.get(act_of(anne, ACT)).content.decode())
    thief.post("/securite/appareils/fermer-les-autres/")
    with tenant_context(alpha):
        enrol_pin(user=user_of(alpha), pin="481516", first=False, now=NOON)
    assert other.get("/").status_code == 302
    assert user_of(alpha).session_epoch == 2
    answer = posted(desk, act_of(anne, ACT), {**PHONE, **shown, "confirm": "1"})
    assert answer.headers["Location"].endswith("?fait=telephone")
    assert phones(alpha) == (NEW_STORED, [NEW_STORED])


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"mobile": ""}, "Saisissez le nouveau numéro de mobile"),
        ({"mobile": "06 12"}, "Ce n’est pas un numéro de téléphone"),
        ({"mobile": "0" * 300}, "Ce n’est pas un numéro de téléphone"),
        ({"mobile": "06\x0012345678"}, "Ce n’est pas un numéro de téléphone"),
        ({"mobile": "+41 79 123 45 67"}, "Ce numéro n’est pas français"),
        ({"mobile": "04 65 71 20 30"}, "C’est le numéro d’un téléphone fixe"),
        ({"document": ""}, "Choisissez la pièce d’identité que vous avez vue"),
        ({"document": "library_card"}, "Choisissez une pièce de la liste"),
        ({"present": ""}, "Cochez cette case quand la personne est devant vous"),
        ({"reason": ""}, "Choisissez une raison"),
        ({"reason": "other"}, "Dites pourquoi en quelques mots"),
        ({"seen": ""}, "Cette page est trop ancienne"),
        ({"seen": "0"}, "Cette page est trop ancienne"),
        ({"seen": "é\x00" * 32}, "Cette page est trop ancienne"),
    ],
)
def test_what_is_missing_or_wrong_changes_nothing_and_says_how_to_mend_it(
    alpha: Caisse, desk: Browser, anne: Client, fields: dict[str, str], said: str
) -> None:
    """At the first sending, and at the confirmation, which a browser could have been made to change."""
    for confirmed in ({}, {"confirm": "1"}):
        answer = posted(desk, act_of(anne, ACT), {**PHONE, **seen(alpha, anne), **confirmed, **fields})
        assert answer.status_code == 200
        assert said in words(answer)
    assert phones(alpha) == (ANNE.phone, [ANNE.phone])
    assert journal(alpha, "account.phone_replaced") == []


def test_each_error_leads_to_its_field(alpha: Caisse, desk: Browser, anne: Client) -> None:
    page = posted(desk, act_of(anne, ACT), seen(alpha, anne)).content.decode()
    for name in ("id_document_0", "id_present", "id_mobile", "id_reason_0"):
        assert f'href="#{name}"' in page
        assert f'id="{name}"' in page


def test_a_number_of_fiction_is_refused_where_real_clients_are(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    with override_settings(PHONES_OF_FICTION=False):
        assert "Ce n’est pas un numéro" in words(posted(desk, act_of(anne, ACT), PHONE))
        assert replace(desk, anne, mobile="0692 12 34 56").endswith("?fait=telephone")
    assert phones(alpha) == ("+262692123456", ["+262692123456"])


def test_a_client_with_several_phones_has_one_afterwards(alpha: Caisse, desk: Browser, anne: Client) -> None:
    with tenant_context(alpha):
        user = User.objects.get(client=anne)
        SmsDevice.objects.create(user=user, name="old", phone="+33639980555")
        SmsDevice.objects.create(user=user, name="asked", phone=NEW_STORED, confirmed=False)
    assert replace(desk, anne).endswith("?fait=telephone")
    assert phones(alpha) == (NEW_STORED, [NEW_STORED])
    told = [each["to"] for each in sent(alpha, "phone_replaced") if each["channel"] == "sms"]
    assert told == sorted([ANNE.phone, "+33639980555"])


def test_where_no_code_goes_by_sms_the_file_alone_changes(alpha: Caisse, desk: Browser, anne: Client) -> None:
    publish(alpha, {"second_factor": {"methods": ["totp"]}})
    with tenant_context(alpha):
        SmsDevice.objects.all().delete()
    assert replace(desk, anne).endswith("?fait=telephone")
    assert phones(alpha) == (NEW_STORED, [])
    assert replace(desk, anne).endswith("?fait=meme-telephone")


def test_a_phone_that_the_file_has_and_the_device_has_not_is_put_right(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    with tenant_context(alpha):
        Client.objects.filter(pk=1).update(mobile=NEW_STORED)
    assert replace(desk, anne).endswith("?fait=telephone")
    assert phones(alpha) == (NEW_STORED, [NEW_STORED])


def test_the_limits_on_sending_begin_anew_for_the_new_phone(
    alpha: Caisse, desk: Browser, anne: Client, browser_at: BrowserAt
) -> None:
    publish(alpha, {"second_factor": {"sms": {"per_hour": 1}}})
    enter_secret(browser_at(ANNE.host))
    replace(desk, anne)
    enter_secret(browser_at(ANNE.host))
    assert [each["to"] for each in sent(alpha, "sms_code")] == [ANNE.phone, NEW_STORED]


def test_an_account_of_the_other_caisse_stays_as_it_is(
    alpha: Caisse, beta: Caisse, desk: Browser, anne: Client, bruno: Client
) -> None:
    assert replace(desk, bruno) == "404"
    replace(desk, anne)
    assert phones(beta) == (BRUNO.phone, [BRUNO.phone])
    assert user_of(beta).session_epoch == 0


def test_what_did_not_reach_the_phone_that_is_left_is_not_sent_there_again(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    with tenant_context(alpha):
        left, kept = (str(recipient_digest(number)) for number in (ANNE.phone, NEW_STORED))
    there = lost(alpha, state="bounced", channel="sms", recipient=left)
    elsewhere = lost(alpha, state="bounced", channel="sms", recipient=kept)
    assert replace(desk, anne) == f"{file_of(anne)}?fait=telephone"
    assert again(desk, there).endswith("?fait=reste")
    assert again(desk, elsewhere).endswith("?fait=reparti")

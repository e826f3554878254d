"""Correcting the e-mail and the mobile of a client, in front of the person; where codes go stays as it is."""

import re
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.identity.models import AccessCode, SmsDevice, User
from tenant_apps.identity.send_activation import send_activation
from tenant_apps.messaging.recipients import recipient_digest
from tenants.models import Caisse
from tests.desk.conftest import BrowserAt
from tests.desk.counter import (
    NEW,
    NEW_STORED,
    SHOWN,
    act_of,
    file_of,
    journal,
    posted,
    sent,
    staff_uuid,
    words,
)
from tests.desk.test_messages import again, lost
from tests.identity.steps import publish, put_in, user_of
from tests.identity.waiting import LINK
from tests.world import ANNE, BRUNO

ACT = "coordonnees"
EMAIL, OLD = "anne.nouvelle@example.org", "client@alpha.example.org"
LONG_DOMAIN = "İ" + ".".join(["b" * 40] * 4) + f".{'c' * 24}.org"
ANSWERS = {**SHOWN, "email": "", "mobile": "", "reason": "came_back", "note": ""}


def page_of(desk: Browser, client: Client) -> dict[str, str]:
    """What the page carries of the file that it shows."""
    page = desk.get(act_of(client, ACT)).content.decode()
    return dict(re.findall(r'<input type="hidden" name="(seen)" value="([^"]*)"', page))


def correct(desk: Browser, client: Client, **fields: str) -> Any:
    return posted(desk, act_of(client, ACT), {**ANSWERS, **page_of(desk, client), "confirm": "1", **fields})


def on_file(caisse: Caisse) -> tuple[str, str, list[str]]:
    """E-mail, mobile, and where codes go, of the client of key 1."""
    with tenant_context(caisse):
        client = Client.objects.get(pk=1)
        codes = SmsDevice.objects.filter(user__client_id=1).values_list("phone", flat=True)
        return client.email, client.mobile, list(codes)


def test_both_are_corrected_after_the_answers_were_checked_and_codes_go_where_they_went(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    page = words(desk.get(act_of(anne, ACT)))
    for text in ("c•••@alpha.example.org", "••• 001", "ni le téléphone qui reçoit les codes"):
        assert text in page
    assert OLD not in page
    before = on_file(alpha)
    answers = {**ANSWERS, **page_of(desk, anne), "email": " Anne.Nouvelle@EXAMPLE.org ", "mobile": NEW}
    page = words(posted(desk, act_of(anne, ACT), answers))
    for text in ("Vérifiez avant de corriger", "Anne.Nouvelle@example.org", NEW, "Un message en est revenu"):
        assert text in page
    assert on_file(alpha) == before
    done = posted(desk, act_of(anne, ACT), {**answers, "confirm": "1"})
    assert done.headers["Location"] == f"{file_of(anne)}?fait=coordonnees"
    assert on_file(alpha) == ("Anne.Nouvelle@example.org", NEW_STORED, [ANNE.phone])


def test_it_is_journalled_and_what_the_file_said_before_is_told_without_the_new(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    correct(desk, anne, email=EMAIL)
    (event,) = journal(alpha, "account.contact_corrected")
    assert event.details == {
        "by": staff_uuid(alpha),
        "reason": "came_back",
        "document": "identity_card",
        "what": ["email"],
    }
    told = sent(alpha, "contact_corrected")
    assert [(each["channel"], each["to"]) for each in told] == [("mail", OLD), ("sms", ANNE.phone)]
    assert "Nous n’écrirons plus à cette adresse" in told[0]["text"]
    assert "corrigé votre adresse e-mail" in told[1]["text"]
    assert EMAIL not in str(told)
    page = words(desk.get(file_of(anne)))
    assert "E-mail ou mobile corrigé par l’agence" in page
    assert "Un message en est revenu · pièce vue : Carte d’identité · e-mail" in re.sub(r"\s+", " ", page)


def test_what_is_left_empty_stays_and_what_is_gone_is_taken_out(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    correct(desk, anne, mobile=NEW)
    assert on_file(alpha) == (OLD, NEW_STORED, [ANNE.phone])
    assert [each["to"] for each in sent(alpha, "contact_corrected")] == [OLD, ANNE.phone]
    page = words(posted(desk, act_of(anne, ACT), {**ANSWERS, **page_of(desk, anne), "without_email": "on"}))
    assert "aucun" in page
    correct(desk, anne, without_email="on")
    assert on_file(alpha) == ("", NEW_STORED, [ANNE.phone])


def test_twice_corrects_and_tells_once(alpha: Caisse, desk: Browser, anne: Client) -> None:
    correct(desk, anne, email=EMAIL)
    assert correct(desk, anne, email=EMAIL).headers["Location"].endswith("?fait=memes-coordonnees")
    assert len(journal(alpha, "account.contact_corrected")) == 1
    assert len(sent(alpha, "contact_corrected")) == 2


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "Saisissez ce qui change"),
        ({"email": "anne@"}, "Ce n’est pas une adresse e-mail"),
        ({"email": "anne\x00@example.org"}, "Ce n’est pas une adresse e-mail"),
        ({"email": f"{'a' * 250}@example.org"}, "Ce n’est pas une adresse e-mail"),
        # A capital whose small letter is two characters.
        ({"email": f"{'a' * 60}@{LONG_DOMAIN}"}, "Ce n’est pas une adresse e-mail"),
        ({"mobile": "06 12"}, "Ce n’est pas un numéro de téléphone"),
        ({"mobile": "04 65 71 20 30"}, "C’est le numéro d’un téléphone fixe"),
        ({"email": EMAIL, "without_email": "on"}, "les deux se contredisent"),
        ({"email": EMAIL, "document": ""}, "Choisissez la pièce d’identité"),
        ({"email": EMAIL, "present": ""}, "Cochez cette case quand la personne"),
        ({"email": EMAIL, "reason": ""}, "Choisissez une raison"),
        ({"email": EMAIL, "seen": ""}, "Cette page est trop ancienne"),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_changes_nothing(
    alpha: Caisse, desk: Browser, anne: Client, fields: dict[str, str], told: str
) -> None:
    before = on_file(alpha)
    assert told in words(correct(desk, anne, **fields))
    assert on_file(alpha) == before
    assert sent(alpha, "contact_corrected") == []


def test_a_colleague_s_correction_is_not_written_over(alpha: Caisse, desk: Browser, anne: Client) -> None:
    early = page_of(desk, anne)
    correct(desk, anne, email=EMAIL)
    assert "Un collègue vient de changer ce dossier" in words(correct(desk, anne, mobile=NEW, **early))
    assert on_file(alpha) == (EMAIL, ANNE.phone, [ANNE.phone])


def test_sessions_and_links_that_went_to_the_wrong_address_end_and_no_others(
    alpha: Caisse, beta: Caisse, desk: Browser, anne: Client, browser_at: BrowserAt
) -> None:
    publish(alpha, LINK)
    mine, bruno = browser_at(ANNE.host), browser_at(BRUNO.host)
    put_in(mine, alpha, user_of(alpha))
    put_in(bruno, beta, user_of(beta))
    correct(desk, anne, email=EMAIL)
    assert mine.get("/").status_code == 302
    assert bruno.get("/").status_code == 200
    with tenant_context(alpha):
        user = User.objects.get(client_id=1)
        user.set_unusable_password()
        user.save()
        send_activation(user=user, now=timezone.now())
    answer = correct(desk, anne, email="anne.encore@example.org")
    assert answer.headers["Location"].endswith("?fait=coordonnees-activation")
    with tenant_context(alpha):
        assert not AccessCode.objects.filter(expires_at__gt=timezone.now()).exists()


def test_a_client_of_the_other_caisse_is_not_there(beta: Caisse, desk: Browser, bruno: Client) -> None:
    assert desk.get(act_of(bruno, ACT)).status_code == 404
    assert posted(desk, act_of(bruno, ACT), {**ANSWERS, "email": EMAIL, "confirm": "1"}).status_code == 404


def test_the_phone_that_receives_codes_is_told_though_the_file_named_nothing(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    """Whoever passes for the person at the counter adds an address to recover by: the owner must hear of it."""
    with tenant_context(alpha):
        Client.objects.filter(pk=anne.pk).update(email="", mobile="")
    correct(desk, anne, email=EMAIL, mobile=NEW)
    (told,) = sent(alpha, "contact_corrected")
    assert (told["channel"], told["to"]) == ("sms", ANNE.phone)
    assert "corrigé vos coordonnées" in told["text"]


def without_any_contact(caisse: Caisse, client: Client, **more: str) -> None:
    with tenant_context(caisse):
        Client.objects.filter(pk=client.pk).update(email="", mobile="", **more)
        SmsDevice.objects.filter(user__client_id=client.pk).delete()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (
            {"email": EMAIL, "mobile": NEW},
            "inscrit une adresse e-mail et un numéro de mobile à votre dossier",
        ),
        ({"email": EMAIL}, "inscrit une adresse e-mail à votre dossier"),
        ({"mobile": NEW}, "inscrit un numéro de mobile à votre dossier"),
    ],
)
def test_where_nothing_was_on_file_a_letter_tells_of_it_at_the_postal_address(
    alpha: Caisse, desk: Browser, anne: Client, fields: dict[str, str], told: str
) -> None:
    """Whoever passes for the person at the counter adds the first address to recover by: the owner must hear of it."""
    without_any_contact(alpha, anne, postal_lines="8 rue du Puits", postcode="30000", town="Nîmes")
    page = words(posted(desk, act_of(anne, ACT), {**ANSWERS, **page_of(desk, anne), **fields}))
    assert "une lettre le dit à son adresse postale" in page
    correct(desk, anne, **fields)
    (letter,) = sent(alpha, "contact_corrected")
    assert letter["channel"] == "letter"
    assert "\n8 rue du Puits\n30000 Nîmes\n" in letter["text"]
    assert told in letter["text"]
    assert "Appelez tout de suite votre agence" in letter["text"]
    assert EMAIL not in str(letter)
    assert NEW not in str(letter)
    assert "Coordonnées corrigées" in words(desk.get(file_of(anne)))
    # What the file says from now on is told of the next correction.
    correct(desk, anne, email="anne.encore@example.org")
    assert {each["channel"] for each in sent(alpha, "contact_corrected")[1:]} <= {"mail", "sms"}
    assert len(sent(alpha, "contact_corrected")) == 1 + len(fields)


@pytest.mark.parametrize("why", ["no postal address", "a caisse that posts no letters"])
def test_where_no_way_is_left_the_page_says_so_and_the_client_reads_it_in_the_space(
    alpha: Caisse, desk: Browser, anne: Client, browser_at: BrowserAt, why: str
) -> None:
    here = {"postal_lines": "8 rue du Puits", "postcode": "30000", "town": "Nîmes"}
    without_any_contact(alpha, anne, **({} if why == "no postal address" else here))
    if why == "a caisse that posts no letters":
        publish(alpha, {"products": ["documents"]})
    page = words(posted(desk, act_of(anne, ACT), {**ANSWERS, **page_of(desk, anne), "email": EMAIL}))
    assert "aucun message ne part" in page
    correct(desk, anne, email=EMAIL)
    assert sent(alpha, "contact_corrected") == []
    assert len(journal(alpha, "account.contact_corrected")) == 1
    inside = browser_at(ANNE.host)
    put_in(inside, alpha, user_of(alpha))
    assert "E-mail ou mobile corrigé par l’agence" in words(inside.get("/securite/"))


def test_a_thief_s_second_correction_is_told_to_the_phone_that_receives_codes(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    correct(desk, anne, mobile=NEW)
    correct(desk, anne, email=EMAIL)
    assert [each["to"] for each in sent(alpha, "contact_corrected")][2:] == [OLD, ANNE.phone, NEW_STORED]


def test_what_did_not_reach_the_wrong_address_is_not_sent_there_again(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    there, elsewhere = (
        lost(alpha, state="bounced"),
        lost(alpha, state="bounced", recipient=recipient(alpha, EMAIL)),
    )
    correct(desk, anne, email=EMAIL)
    assert again(desk, there).endswith("?fait=reste")
    assert again(desk, elsewhere).endswith("?fait=reparti")
    assert [each["to"] for each in sent(alpha, "contact_corrected")] == [OLD, ANNE.phone]


def recipient(caisse: Caisse, address: str) -> str:
    with tenant_context(caisse):
        return str(recipient_digest(address))

"""The messages that did not get there, and sending one again."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.identity.models import User
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.queue_message import queue_message
from tenants.models import Caisse
from tests.desk.counter import MESSAGES, SHOWN_AGAIN, count, file_of, journal, register, staff_uuid, words
from tests.world import NOON

AGAIN, BUTTON = "renvoi", "Envoyer à nouveau"


def lost(caisse: Caisse, client: Client | None = None, **more: Any) -> Message:
    """A mail that was given up, about the client of key 1 or another."""
    fields = {"state": "failed", "attempts": 5, "last_error": "OSError", **more}
    with tenant_context(caisse):
        user = User.objects.get(client=client) if client else User.objects.get(client_id=1)
        message = queue_message(
            kind="new_sign_in",
            channel="mail",
            to="client@alpha.example.org",
            about=user.uuid,
            language="fr",
            context={"name": "Mme Alpha", "at": NOON, "browser": "Firefox sur Android"},
            now=timezone.now(),
            secret=False,
        )
        Message.objects.filter(pk=message.pk).update(**fields)
        message.refresh_from_db()
    return message


def again(desk: Browser, message: Message) -> str:
    """Where the counter is sent afterwards."""
    answer = desk.post(f"{MESSAGES}{message.uuid}/{AGAIN}/")
    return str(answer.headers.get("Location", answer.status_code))


def now_is(caisse: Caisse, message: Message) -> Message:
    with tenant_context(caisse):
        message.refresh_from_db()
    return message


def test_what_did_not_get_there_is_listed_with_its_client_and_without_its_words(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    lost(alpha)
    lost(alpha, state="expired", secret=True, sealed=b"", last_error="")
    for state in ("queued", "sent"):
        lost(alpha, state=state)
    answer = desk.get(MESSAGES)
    page = words(answer)
    assert len(answer.context["messages"]) == 2
    assert f'<a href="{file_of(anne)}">Alpha Prénom</a>' in page
    for text in ("Pas arrivé", "Trop tard pour partir", "Le prestataire d’envoi n’a pas pris le message"):
        assert text in page
    for word in ("Firefox", "client@alpha", "OSError"):
        assert word not in page


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("SMTPRecipientsRefused", "La messagerie du client refuse cette adresse"),
        ("no provider is configured for sms", "Aucun prestataire n’est réglé"),
        ("words that do not open", "Le message est abîmé"),
        ("RuntimeError", "Le prestataire d’envoi n’a pas pris le message"),
    ],
)
def test_why_is_said_in_words(alpha: Caisse, desk: Browser, error: str, said: str) -> None:
    lost(alpha, last_error=error)
    page = words(desk.get(MESSAGES))
    assert said in page
    assert error not in page


def test_a_message_about_staff_leads_to_no_file(alpha: Caisse, desk: Browser) -> None:
    with tenant_context(alpha):
        staff = User.objects.get(kind=User.Kind.STAFF)
    lost(alpha, about=staff.uuid)
    lost(alpha, about=None)
    page = words(desk.get(MESSAGES))
    assert page.count("Un membre de l’agence") == 2
    assert "/agence/clients/" not in page


def test_when_all_is_well_the_page_says_so(desk: Browser) -> None:
    assert "Rien à traiter" in words(desk.get(MESSAGES))


def test_a_list_of_two_pages_is_turned_and_a_page_that_is_not_there_is_the_nearest(
    alpha: Caisse, desk: Browser
) -> None:
    for minute in range(26):
        lost(alpha, created_at=NOON + timedelta(minutes=minute))
    first = desk.get(MESSAGES)
    assert [len(first.context["messages"]), first.context["messages"][0].at] == [
        25,
        NOON + timedelta(minutes=25),
    ]
    assert "Page 1 sur 2" in words(first)
    second = desk.get(MESSAGES, {"page": "2"})
    assert [each.at for each in second.context["messages"]] == [NOON]
    for asked, shown in (("99", 2), ("0", 2), ("-1", 2), ("x", 1), ("", 1), ("²", 1), ("\x00", 1)):
        answer = desk.get(MESSAGES, {"page": asked})
        assert (answer.status_code, answer.context["page"].number) == (200, shown), asked


def test_a_full_page_asks_no_more_of_the_database_than_one_line(alpha: Caisse, desk: Browser) -> None:
    counts = set()
    for upto in (1, 25):
        for number in range(upto):
            client = register(alpha, f"D-{number}", identifier=f"10000001{number:02}")
            lost(alpha, client)
        counts.add(count(desk, MESSAGES))
    assert len(counts) == 1
    assert counts.pop() <= 9


def test_a_message_that_was_given_up_leaves_again(alpha: Caisse, desk: Browser, anne: Client) -> None:
    message = lost(alpha)
    assert BUTTON in words(desk.get(MESSAGES))
    assert again(desk, message) == f"{MESSAGES}?fait=reparti"
    now_is(alpha, message)
    assert (message.state, message.attempts, message.last_error) == ("queued", 0, "")
    assert message.due_at <= timezone.now()
    [event] = journal(alpha, "message.sent_again")
    assert event.subject == str(message.about)
    assert event.details == {"by": staff_uuid(alpha), "message": str(message.uuid)}
    assert "Message envoyé à nouveau par l’agence" in words(desk.get(file_of(anne)))
    assert "Rien à traiter" in words(desk.get(MESSAGES))


def test_twice_sends_it_once(alpha: Caisse, desk: Browser) -> None:
    message = lost(alpha)
    assert again(desk, message).endswith("?fait=reparti")
    assert again(desk, message).endswith("?fait=reste")
    assert len(journal(alpha, "message.sent_again")) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"secret": True, "sealed": b""},
        {"expires_at": NOON},
        {"state": "expired", "expires_at": NOON},
        {"state": "sent"},
        {"state": "queued"},
    ],
    ids=["a secret", "lapsed", "expired", "sent", "waiting"],
)
def test_what_has_lost_its_words_or_its_use_stays_as_it_is(
    alpha: Caisse, desk: Browser, more: dict[str, Any]
) -> None:
    message = lost(alpha, **more)
    before = message.state
    assert BUTTON not in words(desk.get(MESSAGES))
    assert again(desk, message).endswith("?fait=reste")
    assert now_is(alpha, message).state == before
    assert journal(alpha, "message.sent_again") == []
    assert "ne peut plus partir" in words(desk.get(f"{MESSAGES}?fait=reste"))


def test_what_still_has_time_to_be_of_use_leaves_again(alpha: Caisse, desk: Browser) -> None:
    message = lost(alpha, expires_at=timezone.now() + timedelta(minutes=5))
    assert again(desk, message).endswith("?fait=reparti")


def test_a_message_of_the_other_caisse_is_not_there(
    alpha: Caisse, beta: Caisse, desk: Browser, other_desk: Browser
) -> None:
    mine, theirs = lost(alpha), lost(beta)
    assert again(desk, theirs) == "404"
    assert len(desk.get(MESSAGES).context["messages"]) == 1
    assert now_is(beta, theirs).state == "failed"
    assert again(other_desk, mine) == "404"


def test_a_get_sends_nothing(alpha: Caisse, desk: Browser) -> None:
    message = lost(alpha)
    assert desk.get(f"{MESSAGES}{message.uuid}/{AGAIN}/").status_code == 405
    assert now_is(alpha, message).state == "failed"


SETTLE, SETTLED = "traite", f"{MESSAGES}?liste=traites"
TOLD = {"reason": "told", "note": "appelé ce matin"}


def settle(desk: Browser, message: Message, **fields: str) -> str:
    """Where the counter is sent afterwards."""
    answer = desk.post(f"{MESSAGES}{message.uuid}/{SETTLE}/", {**TOLD, **fields})
    return str(answer.headers.get("Location", answer.status_code))


def test_a_message_is_settled_with_a_word_and_leaves_the_list(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    message, other = lost(alpha), lost(alpha)
    page = words(desk.get(f"{MESSAGES}{message.uuid}/{SETTLE}/"))
    for text in ("Marquer comme traité", "Alpha Prénom", "Pas arrivé", "Le client est prévenu autrement"):
        assert text in page
    assert settle(desk, message) == f"{MESSAGES}?fait=traite"
    assert [each.uuid for each in desk.get(MESSAGES).context["messages"]] == [other.uuid]
    answer = desk.get(SETTLED)
    assert [each.uuid for each in answer.context["messages"]] == [message.uuid]
    page = words(answer)
    assert "Traité par Agent" in page
    assert "Le client est prévenu autrement (appelé ce matin)" in page
    (event,) = journal(alpha, "message.settled")
    assert event.subject == str(message.about)
    assert event.details == {
        "by": staff_uuid(alpha),
        "message": str(message.uuid),
        "reason": "told: appelé ce matin",
    }
    page = words(desk.get(file_of(anne)))
    assert "Message non arrivé : traité par l’agence" in page
    assert page.count(">Pas arrivé<") == 1


def test_without_a_word_it_stays_open_and_twice_settles_it_once(alpha: Caisse, desk: Browser) -> None:
    message = lost(alpha)
    assert SHOWN_AGAIN in settle(desk, message, reason="")
    assert SHOWN_AGAIN in settle(desk, message, reason="other", note="")
    assert journal(alpha, "message.settled") == []
    assert settle(desk, message).endswith("?fait=traite")
    assert settle(desk, message).endswith("?fait=deja-traite")
    assert len(journal(alpha, "message.settled")) == 1


def test_what_leaves_again_is_open_again_when_it_does_not_arrive(alpha: Caisse, desk: Browser) -> None:
    message = lost(alpha)
    settle(desk, message)
    assert BUTTON in words(desk.get(SETTLED))
    assert again(desk, message).endswith("?fait=reparti")
    with tenant_context(alpha):
        Message.objects.filter(pk=message.pk).update(state="failed")
    assert len(desk.get(MESSAGES).context["messages"]) == 1
    assert "Aucun message traité" in words(desk.get(SETTLED))


@pytest.mark.parametrize("state", ["queued", "sent"])
def test_there_is_nothing_to_settle_about_what_is_not_lost(alpha: Caisse, desk: Browser, state: str) -> None:
    assert settle(desk, lost(alpha, state=state)) == "404"


def test_a_message_of_the_other_caisse_is_not_settled_here(
    alpha: Caisse, beta: Caisse, desk: Browser
) -> None:
    theirs = lost(beta)
    assert settle(desk, theirs) == "404"
    assert now_is(beta, theirs).settled_at is None

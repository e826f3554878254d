"""The letters of the agency: prepared, opened as a PDF, confirmed; by staff, and of this caisse alone."""

import io
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context
from pypdf import PdfReader

from tenant_apps.identity.models import User
from tenant_apps.messaging import tasks
from tenant_apps.messaging.models import LetterBatch, Message
from tenant_apps.messaging.selectors import letter_days
from tenants.models import Caisse
from tests.clock import Clock
from tests.desk.counter import MESSAGES, file_of, journal, posted, staff_uuid, words
from tests.identity.steps import publish
from tests.identity.waiting import again, letter_codes, newcomer, send

LETTERS = "/agence/courriers/"
BY_LETTER = {"activation": {"sends": ["letter_code"]}}


@pytest.fixture
def lea(alpha: Caisse) -> User:
    """Alpha sends letters; one to Léa waits for the printer."""
    publish(alpha, BY_LETTER)
    user = newcomer(alpha)
    send(alpha, user)
    return user


def prepare(desk: Browser) -> str:
    """Today's batch: its address, or where the counter is sent instead."""
    answer = desk.post(f"{LETTERS}lot/", {"day": timezone.localdate().isoformat()})
    return str(answer.headers["Location"])


def printed(desk: Browser, page: str) -> str:
    answer = desk.get(f"{page}lettres.pdf")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "no-store" in answer.headers["Cache-Control"]
    return "\n".join(each.extract_text() for each in PdfReader(io.BytesIO(answer.content)).pages)


def outbox(caisse: Caisse) -> list[Message]:
    with tenant_context(caisse):
        return list(Message.objects.filter(channel="letter").order_by("id"))


def test_a_day_is_prepared_opened_and_confirmed(alpha: Caisse, lea: User, desk: Browser) -> None:
    code = letter_codes(alpha)[0]
    page = words(desk.get(LETTERS))
    assert "1 lettre" in page
    assert "au plus tard" in page
    with tenant_context(alpha):
        (day,) = letter_days(now=timezone.now())
    assert day.until is not None
    assert day.post_by == timezone.localdate(day.until) - timedelta(days=5)
    late = day.until - timedelta(days=2)
    with tenant_context(alpha):
        # Nobody posts a letter on a day that is over.
        assert [each.post_by for each in letter_days(now=late)] == [timezone.localdate(late)]
    batch = prepare(desk)
    assert "Ouvrir le PDF des lettres" in words(desk.get(batch))
    text = printed(desk, batch)
    for word in (code, "Mme Léa Girard-Lopez", "8 rue du Puits", "30000 Nîmes", "Caisse Alpha"):
        assert word in text
    assert "Ouvert par Agent" in words(desk.get(LETTERS))
    assert lea.client is not None
    assert "Lettre ouverte par l’agence pour l’imprimer" in words(desk.get(file_of(lea.client)))
    assert printed(desk, batch) == text
    assert desk.post(batch, {"done": "on"}).headers["Location"] == f"{LETTERS}?fait=lettres"
    page = words(desk.get(f"{LETTERS}?fait=lettres"))
    assert "Confirmé par Agent" in page
    assert "Rien à imprimer" in page
    (row,) = outbox(alpha)
    assert (row.state, bytes(row.sealed)) == ("printed", b"")
    (told,) = journal(alpha, "message.printed")
    assert (told.subject, told.details["by"]) == (str(lea.uuid), staff_uuid(alpha))
    assert "Lettre imprimée et mise sous pli" in words(desk.get(file_of(lea.client)))


def test_once_confirmed_the_words_cannot_be_had_again(lea: User, desk: Browser) -> None:
    batch = prepare(desk)
    printed(desk, batch)
    desk.post(batch, {"done": "on"})
    assert desk.get(f"{batch}lettres.pdf").headers["Location"] == f"{LETTERS}?fait=lettres-deja"
    assert desk.post(batch, {"done": "on"}).headers["Location"] == f"{LETTERS}?fait=lettres-deja"
    assert "Ouvrir le PDF" not in words(desk.get(batch))


def test_without_the_box_or_without_having_looked_nothing_is_erased(
    alpha: Caisse, lea: User, desk: Browser
) -> None:
    batch = prepare(desk)
    assert "Cochez cette case" in words(posted(desk, batch))
    assert "personne n’a encore vu" in words(posted(desk, batch, {"done": "on"}))
    desk.head(f"{batch}lettres.pdf")
    assert "personne n’a encore vu" in words(posted(desk, batch, {"done": "on"}))
    (row,) = outbox(alpha)
    assert row.state == "queued"


def test_a_colleague_who_was_slower_is_led_to_the_list(lea: User, desk: Browser) -> None:
    prepare(desk)
    assert prepare(desk) == f"{LETTERS}?fait=lot-fait"
    assert desk.post(f"{LETTERS}lot/", {"day": "hier"}).headers["Location"] == LETTERS


def test_an_activation_sent_again_leaves_one_letter_to_print(alpha: Caisse, lea: User, desk: Browser) -> None:
    first = letter_codes(alpha)[0]
    send(alpha, again(alpha, lea))
    assert [each.state for each in outbox(alpha)] == ["replaced", "queued"]
    text = printed(desk, prepare(desk))
    assert first not in text
    assert text.count("Objet") == 1


def test_a_letter_that_nobody_printed_in_time_is_seen_by_the_staff(
    alpha: Caisse, lea: User, desk: Browser, clock: Clock
) -> None:
    with tenant_context(alpha):
        Message.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        tasks.sweep(tenant="alpha")
    assert "Rien à imprimer" in words(desk.get(LETTERS))
    page = words(desk.get(MESSAGES))
    assert "Code par courrier, pour choisir un secret" in page
    assert "Trop tard pour partir" in page


def test_a_person_without_an_address_is_handed_the_letter(alpha: Caisse, desk: Browser) -> None:
    publish(alpha, BY_LETTER)
    user = newcomer(alpha, postal_lines=())
    with tenant_context(alpha):
        assert user.client is not None
        type(user.client).objects.filter(pk=user.client.pk).update(postcode="", town="")
    send(alpha, again(alpha, user))
    assert "À remettre à l’agence" in printed(desk, prepare(desk))


def test_the_other_caisse_has_no_such_letters(
    alpha: Caisse, beta: Caisse, lea: User, desk: Browser, other_desk: Browser
) -> None:
    batch = prepare(desk)
    assert "Rien à imprimer" in words(other_desk.get(LETTERS))
    for page in (batch, f"{batch}lettres.pdf"):
        assert other_desk.get(page).status_code == 404
    assert other_desk.post(batch, {"done": "on"}).status_code == 404
    with tenant_context(beta):
        assert LetterBatch.objects.count() == 0
    assert outbox(alpha)[0].state == "queued"

"""A client's file: what is shown, what is masked, what the journal keeps of who looked."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.identity.end_sessions import end_sessions
from tenant_apps.identity.models import SmsDevice, User
from tenant_apps.identity.recoveries import keep_recovery, new_secrets
from tenant_apps.journal.models import Event
from tenant_apps.journal.record import record
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.queue_message import queue_message
from tenants.models import Caisse
from tenants.policy.current import current_policy
from tests.clock import Clock
from tests.desk.conftest import BrowserAt
from tests.desk.counter import (
    account,
    close_account,
    count,
    file_of,
    journal,
    register,
    staff_uuid,
    words,
)
from tests.identity.steps import WRONG, enter_secret, publish, sign_in
from tests.world import ANNE, NOON


def log(caisse: Caisse, kind: str, **more: object) -> None:
    with tenant_context(caisse):
        subject = str(User.objects.get(client_id=1).uuid)
        record(kind=kind, subject=subject, **{"at": timezone.now(), **more})  # type: ignore[arg-type]  # the moment


def mail(caisse: Caisse, *, state: str, error: str = "") -> Message:
    with tenant_context(caisse):
        message = queue_message(
            kind="new_sign_in",
            channel="mail",
            to="client@alpha.example.org",
            about=User.objects.get(client_id=1).uuid,
            language="fr",
            context={"name": "Mme Alpha", "at": NOON, "browser": "Firefox sur Android"},
            now=NOON,
            secret=False,
        )
        Message.objects.filter(pk=message.pk).update(state=state, last_error=error)
    return message


def test_the_file_says_who_the_client_is_and_masks_the_ways_to_reach_them(
    desk: Browser, anne: Client
) -> None:
    page = words(desk.get(file_of(anne)))
    for text in ("Mme Prénom Alpha", "C-1", "1er janvier 1980", "••• 001", "c•••@alpha.example.org"):
        assert text in page
    for secret in (ANNE.phone, ANNE.phone[-8:], "06 39 98", "client@", ANNE.identifier):
        assert secret not in page


def test_a_nir_shows_its_last_three_signs_only(alpha: Caisse, desk: Browser) -> None:
    client = register(alpha, "M-1", identifier="2951099126111")
    publish(
        alpha,
        {
            "identifier": {"kind": "nir"},
            "activation": {"sends": ["letter_code"]},
            "caisse": {"body": "mutual"},
        },
        instead_of="identifier",
    )
    page = words(desk.get(file_of(client)))
    assert "Numéro de sécurité sociale" in page
    assert "••• 111" in page
    assert "9126111" not in page


@pytest.mark.parametrize(
    ("counter", "said"),
    [
        ({"failures": 3}, "Ouvert"),
        ({"agency_only": True}, "Fermé jusqu’à ce que l’agence le rouvre"),
    ],
)
def test_the_state_of_the_access_is_said_in_words(
    alpha: Caisse, desk: Browser, anne: Client, counter: dict[str, object], said: str
) -> None:
    close_account(alpha, **counter)
    assert f">{said}</span>" in words(desk.get(file_of(anne)))


def test_a_wait_is_said_with_its_hour_in_paris_and_not_once_it_is_over(
    alpha: Caisse, desk: Browser, anne: Client, clock: Clock
) -> None:
    clock.set_to(NOON)
    close_account(alpha, locked_until=NOON + timedelta(minutes=15), failures=5)
    page = words(desk.get(file_of(anne)))
    assert "Fermé jusqu’à 14 h 15, après des échecs" in page
    assert "Rouvrir l’accès" in page
    clock.move(minutes=15)
    page = words(desk.get(file_of(anne)))
    assert ">Ouvert</span>" in page
    assert "Rouvrir l’accès" not in page


def test_who_never_activated_is_told_and_so_is_who_is_shut_or_has_no_access(
    alpha: Caisse, desk: Browser
) -> None:
    waiting = register(alpha, "C-2", identifier="1000000002", activated=False)
    assert ">Jamais activé</span>" in words(desk.get(file_of(waiting)))
    with tenant_context(alpha):
        User.objects.filter(client=waiting).update(is_active=False)
    assert ">Fermé par la caisse</span>" in words(desk.get(file_of(waiting)))
    page = words(desk.get(file_of(register(alpha, "C-3"))))
    assert "Ce client n’a pas encore d’accès en ligne" in page
    assert "Remplacer le téléphone" not in page


def test_the_second_factors_are_named(alpha: Caisse, desk: Browser, anne: Client) -> None:
    assert "Code par SMS" in words(desk.get(file_of(anne)))
    with tenant_context(alpha):
        SmsDevice.objects.update(confirmed=False)
    assert "(pas encore confirmé)" in words(desk.get(file_of(anne)))
    with tenant_context(alpha):
        SmsDevice.objects.all().delete()
    assert "aucun moyen enregistré" in words(desk.get(file_of(anne)))


def test_what_happened_is_told_in_plain_french_newest_first(
    alpha: Caisse, desk: Browser, anne: Client, clock: Clock
) -> None:
    clock.set_to(NOON)
    log(alpha, "sign_in.done", address="192.0.2.1")
    log(alpha, "sign_in.refused", at=NOON + timedelta(minutes=1), address="192.0.2.1")
    log(alpha, "sign_in.locked", at=NOON + timedelta(minutes=2), address="192.0.2.9")
    page = words(desk.get(file_of(anne))).partition("Ce qui s’est passé")[2]
    told = [
        "Mot de passe ou code secret refusé : l’accès s’est fermé",
        "21 octobre 2026 à 14 h 02 · depuis une connexion Internet nouvelle",
        "Mot de passe ou code secret refusé</strong>",
        "21 octobre 2026 à 14 h 01 · depuis une connexion Internet déjà utilisée",
        "Connexion réussie",
        "21 octobre 2026 à 14 h 00 · depuis une connexion Internet nouvelle",
    ]
    places = [page.find(text) for text in told]
    assert -1 not in places
    assert places == sorted(places)
    assert "192.0.2" not in page


def test_what_happens_at_a_sign_in_is_seen_at_the_counter(
    alpha: Caisse, desk: Browser, anne: Client, browser_at: BrowserAt
) -> None:
    browser = browser_at(ANNE.host)
    enter_secret(browser, secret=WRONG)
    sign_in(browser, alpha)
    page = words(desk.get(file_of(anne)))
    for text in (
        "Mot de passe ou code secret refusé",
        "Code envoyé par SMS",
        "Connexion réussie",
        "Dernière connexion",
    ):
        assert text in page
    assert "127.0.0.1" not in page


def test_twenty_events_are_shown_and_openings_do_not_push_them_out(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    for minute in range(25):
        log(alpha, "second_step.code_sent", at=NOON + timedelta(minutes=minute))
    for kind in ("desk.contract_opened", "desk.journal_read"):
        log(alpha, kind)
    for _ in range(25):
        desk.get(file_of(anne))
    events = desk.get(file_of(anne)).context["events"]
    assert [str(each.what) for each in events] == ["Code envoyé par SMS"] * 20


def test_messages_that_wait_or_did_not_get_there_are_listed_without_their_words(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    mail(alpha, state="queued")
    mail(alpha, state="failed", error="SMTPRecipientsRefused")
    mail(alpha, state="expired")
    mail(alpha, state="sent")
    answer = desk.get(file_of(anne))
    page = words(answer)
    assert len(answer.context["messages"]) == 3
    for text in (
        "Nouvelle connexion",
        "(E-mail)",
        "En attente de départ",
        "Pas arrivé",
        "Trop tard pour partir",
    ):
        assert text in page
    assert "La messagerie du client refuse cette adresse" in page
    assert "21 octobre 2026 à 14 h 00" in page
    for word in ("Firefox", "Mme Alpha,"):
        assert word not in page


def test_how_a_recovery_stands_is_told(alpha: Caisse, desk: Browser, anne: Client, clock: Clock) -> None:
    clock.set_to(NOON)
    assert "Secret oublié" not in words(desk.get(file_of(anne)))
    with tenant_context(alpha):
        user = User.objects.get(client=anne)
        keep_recovery(
            user=user,
            proofs=("email_link",),
            sent=new_secrets(proofs=("email_link",), policy=current_policy()),
            policy=current_policy(),
            now=NOON,
        )
    assert "demandé, valable jusqu’au 22 octobre 2026" in words(desk.get(file_of(anne)))
    with tenant_context(alpha):
        end_sessions(user=user)
    assert "demandé le 21 octobre 2026" in words(desk.get(file_of(anne)))


def test_nothing_to_tell_is_said_too(alpha: Caisse, desk: Browser, anne: Client) -> None:
    assert "tout ce qui devait partir est parti" in words(desk.get(file_of(anne)))


def test_messages_and_events_of_another_client_are_not_shown(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    other = register(alpha, "C-2", identifier="1000000002")
    mail(alpha, state="failed")
    log(alpha, "sign_in.done", address="192.0.2.1")
    answer = desk.get(file_of(other))
    assert answer.context["messages"] == []
    assert len(answer.context["events"]) == 1  # its own opening


def test_opening_a_file_is_journalled_with_who_opened_it(
    alpha: Caisse, beta: Caisse, desk: Browser, anne: Client
) -> None:
    desk.get(file_of(anne))
    [event] = journal(alpha, "desk.file_opened")
    assert event.subject == str(account(alpha).uuid)
    assert event.details == {"by": staff_uuid(alpha)}
    assert journal(beta, "desk.file_opened") == []


def test_opening_a_file_without_a_way_in_is_journalled_too(alpha: Caisse, desk: Browser) -> None:
    client = register(alpha, "C-3")
    desk.get(file_of(client))
    assert [event.subject for event in journal(alpha, "desk.file_opened")] == [str(client.uuid)]


def test_a_file_that_is_not_there_leaves_nothing_in_the_journal(
    alpha: Caisse, beta: Caisse, desk: Browser, bruno: Client
) -> None:
    """The file of the other caisse has the primary key of one of this."""
    assert desk.get(file_of(bruno)).status_code == 404
    assert journal(alpha, "desk.file_opened") == journal(beta, "desk.file_opened") == []


def test_a_long_history_asks_no_more_of_the_database_than_a_short_one(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    counts = set()
    for upto in (2, 60):
        for number in range(upto):
            log(alpha, "sign_in.done", address=f"192.0.2.{number + 1}")
            log(alpha, "account.unlocked", by=staff_uuid(alpha), reason="at_counter")
            mail(alpha, state="failed")
        counts.add(count(desk, file_of(anne)))
    assert len(counts) == 1
    assert counts.pop() <= 21


@pytest.mark.parametrize("fait", ["rouvert", "inconnu", "", "<script>", "\x00", "é" * 300])
def test_a_page_says_of_an_act_what_is_on_the_list_and_nothing_else(
    desk: Browser, anne: Client, fait: str
) -> None:
    page = desk.get(file_of(anne), {"fait": fait}).content.decode()
    assert ("L’accès est rouvert" in page) == (fait == "rouvert")
    assert "inconnu" not in page.partition("<main")[2].partition("</main")[0]
    assert "<script>" not in page.partition("<main")[2]


def test_what_a_clerk_typed_is_written_as_plain_text(alpha: Caisse, desk: Browser) -> None:
    client = register(alpha, "<i>9</i>", first="<b>Zoé</b>", last="<u>Sept</u>", identifier="1000000002")
    page = words(desk.get(file_of(client)))
    assert "&lt;b&gt;Zoé&lt;/b&gt;" in page
    assert not [mark for mark in ("<b>", "<i>", "<u>") if mark in page]


def test_what_products_and_payments_do_has_the_words_of_the_journal(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    for kind in ("pawn.extra_time", "payment.disputed", "appointment.missed", "client.registered"):
        log(alpha, kind)
    page = words(desk.get(file_of(anne)))
    for told in (
        "délai accordé par le directeur",
        "Paiement par carte contesté auprès de la banque",
        "Pas venu au rendez-vous",
        "Client inscrit par l’agence",
    ):
        assert told in page
    assert "Autre événement" not in page


def test_an_event_of_a_kind_that_has_no_words_is_shown_as_another_one(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    log(alpha, "strange.thing")
    page = words(desk.get(file_of(anne)))
    assert "Autre événement" in page
    assert "strange" not in page


def test_the_page_speaks_english_when_asked_to(alpha: Caisse, desk: Browser, anne: Client) -> None:
    desk.cookies["guichet_language"] = "en"
    close_account(alpha, locked_until=timezone.now() + timedelta(minutes=5))
    answer = desk.get(file_of(anne))
    assert '<html lang="en">' in answer.content.decode()
    assert answer.context["state"].label.count(":") >= 1


def test_reading_the_file_writes_one_line_and_changes_nothing_else(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    with tenant_context(alpha):
        before = Event.objects.count()
    desk.get(file_of(anne))
    with tenant_context(alpha):
        assert Event.objects.count() == before + 1
        assert not Message.objects.exists()

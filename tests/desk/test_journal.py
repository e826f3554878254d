"""The journal of the caisse at the counter, and what leaves it as a file."""

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.desk.export_journal import _harmless
from tenant_apps.identity.models import User
from tenant_apps.identity.selectors import login_index
from tenant_apps.journal.record import record
from tenants.models import Caisse
from tests.desk.counter import account, count, file_of, journal, register, staff_uuid, words
from tests.world import ANNE

JOURNAL, EXPORT = "/agence/journal/", "/agence/journal/export/"


def happened(caisse: Caisse, kind: str, subject: str = "", *, days_ago: float = 0, **details: Any) -> None:
    with tenant_context(caisse):
        record(
            kind=kind,
            at=timezone.now() - timedelta(days=days_ago, minutes=5),
            subject=subject,
            address="192.0.2.77",
            **details,
        )


def user_of_number(caisse: Caisse, number: str) -> UUID:
    with tenant_context(caisse):
        return User.objects.get(client__number=number).uuid


def exported(browser: Browser, **filters: str) -> list[list[str]]:
    answer = browser.post(EXPORT, filters)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    content = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # a streaming response
    assert content.startswith("\ufeff")
    return list(csv.reader(io.StringIO(content[1:]), delimiter=";"))[1:]


def test_the_journal_says_what_happened_to_whom_and_by_whom(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    happened(alpha, "account.unlocked", str(account(alpha).uuid), by=staff_uuid(alpha), reason="at_counter")
    with tenant_context(alpha):
        unknown = login_index(realm="client", identifier="9999999999")
    happened(alpha, "sign_in.refused", str(unknown))
    page = words(desk.get(JOURNAL))
    assert "Accès rouvert par l’agence" in page
    assert f'href="{file_of(anne)}"' in page
    assert "par Agent" in page
    assert "Le client est venu à l’agence" in page
    assert "identifiant inconnu" in page
    assert str(unknown) not in page
    assert "192.0.2.77" not in page


def test_who_only_typed_an_identifier_is_named_when_it_is_somebody_s(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    with tenant_context(alpha):
        index = login_index(realm="client", identifier=ANNE.identifier)
    happened(alpha, "recovery.asked", str(index))
    page = words(desk.get(JOURNAL))
    assert f'href="{file_of(anne)}"' in page
    assert "identifiant inconnu" not in page


def test_an_alarm_is_called_by_its_name_and_stands_among_the_alarms(alpha: Caisse, desk: Browser) -> None:
    happened(alpha, "sign_in.mass_alarm", accounts=12)
    for filters in ({}, {"group": "alarmes"}):
        page = words(desk.get(JOURNAL, filters))
        assert "Alarme : beaucoup de comptes fermés" in page
        assert "12 comptes" in page


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (("recovery.refused", {"why": "just_sent"}), "l’envoi précédent vient de partir et sert encore"),
        (("recovery.sent", {"ways": ["email_link", "sms_code"]}), "lien par e-mail, code par SMS"),
        (("second_factor.enrolled", {"method": "totp"}), "application d’authentification"),
        (("recovery_code.used", {"left": 3}), "il en reste 3"),
        (("step_up.code_sent", {"act": "device.remove_sms"}), "pour ne plus recevoir de codes par SMS"),
        (("step_up.code_sent", {"act": "sold.long_ago"}), "Code de confirmation envoyé par SMS"),
        (("message.came_back", {"why": "unknown address"}), "cette adresse ou ce numéro n’existe pas"),
    ],
)
def test_what_an_event_says_besides_its_kind_is_said_in_words(
    alpha: Caisse, desk: Browser, anne: Client, event: tuple[str, dict[str, Any]], said: str
) -> None:
    kind, details = event
    happened(alpha, kind, str(account(alpha).uuid), **details)
    for page in (words(desk.get(JOURNAL)), words(desk.get(file_of(anne)))):
        assert said in page
        for raw in ("just_sent", "email_link", "totp", "remove_sms", "long_ago", "unknown address"):
            assert raw not in page


def test_the_journal_of_the_other_caisse_is_another(
    alpha: Caisse, desk: Browser, other_desk: Browser
) -> None:
    happened(alpha, "sign_in.spray_alarm", accounts=12)
    assert "Alarme" in words(desk.get(JOURNAL, {"group": "alarmes"})).partition('role="list"')[2]
    assert "Aucun événement" in words(other_desk.get(JOURNAL, {"group": "alarmes"}))


def test_events_are_filtered_by_client_group_and_dates(alpha: Caisse, desk: Browser, anne: Client) -> None:
    zoe = register(alpha, "C-7", identifier="1000000007")
    happened(alpha, "sign_in.done", str(account(alpha).uuid))
    happened(alpha, "message.sent_again", str(account(alpha).uuid), days_ago=40)

    def shown(**filters: str) -> list[str]:
        return [line.what for line in desk.get(JOURNAL, filters).context["lines"]]

    long_ago = (timezone.localdate() - timedelta(days=60)).isoformat()
    assert "Connexion réussie" in shown(client=str(anne.uuid))
    assert "Connexion réussie" not in shown(client=str(zoe.uuid))
    assert set(shown(group="connexions")) == {"Connexion réussie"}
    assert shown(group="messages") == []
    assert shown(group="messages", since=long_ago) == ["Message envoyé à nouveau par l’agence"]


def test_a_file_without_a_way_in_has_its_own_lines(alpha: Caisse, desk: Browser) -> None:
    zoe = register(alpha, "C-8")
    desk.get(file_of(zoe))
    lines = desk.get(JOURNAL, {"client": str(zoe.uuid), "group": "consultations"}).context["lines"]
    assert {line.client for line in lines} == {zoe}
    assert "Dossier ouvert par l’agence" in {str(line.what) for line in lines}


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ({"since": "2026-10-22", "until": "2026-10-21"}, "Le début est après la fin"),
        ({"since": "2020-01-01"}, "366 jours au plus"),
        ({"since": "demain"}, "Écrivez la date ainsi"),
        ({"group": "autre"}, "Choisissez dans la liste"),
    ],
)
def test_a_filter_that_cannot_be_says_how_to_mend_it(
    alpha: Caisse, desk: Browser, filters: dict[str, str], told: str
) -> None:
    assert told in words(desk.get(JOURNAL, filters))
    assert told in words(desk.post(EXPORT, filters))


@pytest.mark.parametrize("client", ["abc", "00000000-0000-4000-8000-000000000000"])
def test_a_client_that_is_not_there_is_not_found(alpha: Caisse, desk: Browser, client: str) -> None:
    assert desk.get(JOURNAL, {"client": client}).status_code == 404
    assert desk.post(EXPORT, {"client": client}).status_code == 404


def test_pages_keep_the_filters_and_cost_the_same(alpha: Caisse, desk: Browser) -> None:
    happened(alpha, "sign_in.done", str(account(alpha).uuid), by=staff_uuid(alpha))
    few = count(desk, f"{JOURNAL}?group=connexions")
    for number in range(30):
        happened(alpha, "sign_in.done", str(account(alpha).uuid), by=staff_uuid(alpha), number=number)
    assert count(desk, f"{JOURNAL}?group=connexions") == few
    page = desk.get(JOURNAL, {"group": "connexions"}).content.decode()
    assert "Page 1" in words(desk.get(JOURNAL, {"group": "connexions"}))
    assert "group=connexions&amp;" in page
    assert "&amp;page=2" in page


def test_reading_the_journal_is_in_the_journal(alpha: Caisse, desk: Browser, anne: Client) -> None:
    desk.get(JOURNAL, {"client": str(anne.uuid)})
    (event,) = journal(alpha, "desk.journal_read")
    assert (event.subject, event.details) == (str(account(alpha).uuid), {"by": staff_uuid(alpha)})
    assert "Journal consulté" not in words(desk.get(JOURNAL)).partition('role="list"')[2]


def test_what_is_shown_is_exported_and_who_took_it_is_told(
    alpha: Caisse, desk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenant_apps.desk.export_journal.PIECE", 2)
    for number in range(5):
        happened(alpha, "sign_in.done", str(account(alpha).uuid), days_ago=number)
    rows = exported(desk, group="connexions")
    assert len(rows) == 5
    assert rows == sorted(rows, reverse=True)
    assert rows[0][1:4] == ["Connexion réussie", "Alpha Prénom", "C-1"]
    (event,) = journal(alpha, "journal.exported")
    assert event.details["by"] == staff_uuid(alpha)
    assert event.details["kinds"] == ["sign_in.", "second_step.", "session"]


def test_an_export_stays_in_its_caisse_and_language_after_the_request(
    alpha: Caisse, beta: Caisse, desk: Browser
) -> None:
    """The file is read when the request has left its caisse; another may be set by then."""
    happened(alpha, "sign_in.done", str(account(alpha).uuid))
    answer = desk.post(EXPORT, {"group": "connexions"})
    with tenant_context(beta):
        content = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # a streaming response
    assert "Alpha Prénom" in content


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+33", "'+33"),
        ("-1", "'-1"),
        ("@SUM", "'@SUM"),
        ("\t=1", "'\t=1"),
        ("\n=1", "'\n=1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("-12,00+1", "'-12,00+1"),
        # What a sale did not bring, which the accountant adds up.
        ("-12,00", "-12,00"),
        ("Anne", "Anne"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(cell: str, written: str) -> None:
    assert _harmless(cell) == written


def test_a_name_that_is_a_formula_is_exported_as_a_text(alpha: Caisse, desk: Browser) -> None:
    register(alpha, "C-9", first="x", last='=HYPERLINK("a")', identifier="1000000009")
    happened(alpha, "account.unlocked", str(user_of_number(alpha, "C-9")))
    rows = exported(desk, group="comptes")
    assert '\'=HYPERLINK("a") x' in {row[2] for row in rows}


def test_a_client_reads_no_journal(alpha: Caisse, browser_at: Any) -> None:
    assert browser_at(ANNE.host).get(JOURNAL).status_code == 302

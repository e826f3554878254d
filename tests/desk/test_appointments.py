"""The agency's day, presence, cancelling with a reason, and booking for a client."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser

from tenant_apps.agencies import subjects
from tenant_apps.agencies.subjects import register_subject
from tenant_apps.clients.models import Client
from tenant_apps.identity.models import User
from tenants.models import Caisse
from tests.agencies.agenda import NOW, again, agency, apply, appointments, at, book, example, in_days, set_up
from tests.agencies.things import RING, RINGS
from tests.clock import Clock
from tests.desk.counter import count, file_of, journal, posted, register, sent, staff_uuid, words
from tests.identity.steps import hidden, publish, put_in, user_of
from tests.pawn.pledges import neighbour

DAY = "/agence/rendez-vous/"
WEDNESDAY = in_days(2)


@pytest.fixture(autouse=True)
def _no_subject(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the installed products register is tested with them."""
    monkeypatch.setattr(subjects, "_subjects", {})


@pytest.fixture
def open_alpha(alpha: Caisse, clock: Clock) -> Caisse:
    """Alpha, with its agency, on a Monday at ten."""
    clock.set_to(NOW)
    set_up(alpha)
    return alpha


def come_back(desk: Browser, caisse: Caisse) -> None:
    """Signed in again: no session lives as long as the test's clock has moved."""
    desk.cookies.clear()
    put_in(desk, caisse, user_of(caisse, kind=User.Kind.STAFF))


def on(day: Any, **more: object) -> str:
    return f"{DAY}?jour={day}" + "".join(f"&{name}={value}" for name, value in more.items())


def act(appointment: Any, name: str) -> str:
    return f"{DAY}{appointment.uuid}/{name}/"


def names(browser: Browser, address: str) -> list[str]:
    return [line.view.appointment.client.number for line in browser.get(address).context["lines"]]


def test_the_day_shows_who_is_expected_in_the_order_of_the_hours(open_alpha: Caisse, desk: Browser) -> None:
    noe = neighbour(open_alpha)
    book(open_alpha, at(14, 0, day=WEDNESDAY))
    book(open_alpha, at(9, 30, day=WEDNESDAY), client=noe)
    book(open_alpha, at(9, 30, day=in_days(7)))
    assert names(desk, on(WEDNESDAY)) == ["C-8", "C-1"]
    page = words(desk.get(on(WEDNESDAY)))
    for text in ("mercredi 16 septembre 2026", "9 h 30", "Huit Noé", "Reprendre un objet", "Guichets"):
        assert text in page


def test_without_a_day_it_is_today_and_the_ways_lead_to_the_days_around(
    open_alpha: Caisse, desk: Browser
) -> None:
    page = desk.get(DAY)
    assert page.context["day"] == in_days(0)
    assert "Personne n’est attendu ce jour-là" in words(page)
    uuid = agency(open_alpha).uuid
    for day in (in_days(-1), in_days(1)):
        assert f"?agence={uuid}&amp;jour={day}" in page.content.decode()
    assert "Aujourd’hui</a>" not in words(page)
    assert "Aujourd’hui</a>" in words(desk.get(on(in_days(1))))


@pytest.mark.parametrize("day", ["hier", "2026-13-01", "0001-01-01", "9999-12-31", "%00"])
def test_a_day_that_cannot_be_shown_shows_another(open_alpha: Caisse, desk: Browser, day: str) -> None:
    assert desk.get(on(day)).status_code == 200


def test_each_agency_has_its_own_day_and_a_foreign_one_is_not_found(
    open_alpha: Caisse, beta: Caisse, desk: Browser
) -> None:
    document = example()
    document["agencies"].append({**document["agencies"][0], "code": "gare", "name": "Agence de la Gare"})
    apply(open_alpha, document)
    set_up(beta)
    station = agency(open_alpha, "gare")
    book(open_alpha, at(9, 30, day=WEDNESDAY), agency=station)
    assert names(desk, on(WEDNESDAY)) == []
    assert names(desk, on(WEDNESDAY, agence=station.uuid)) == ["C-1"]
    for other in (uuid4(), agency(beta).uuid, "x"):
        assert desk.get(on(WEDNESDAY, agence=other)).status_code == 404


def test_what_new_hours_leave_outside_is_marked_and_an_agency_that_closed_is_still_shown(
    open_alpha: Caisse, desk: Browser
) -> None:
    for hour in (9, 14):
        book(open_alpha, at(hour, 0, day=WEDNESDAY))
    marked = "Hors des heures d’ouverture"
    assert marked not in words(desk.get(on(WEDNESDAY)))
    set_up(open_alpha, timetables=[{"starts_on": "2026-01-01", "wednesday": ["09:00-12:00"]}])
    assert words(desk.get(on(WEDNESDAY))).count(marked) == 1
    document = example()
    document["agencies"][0]["code"] = "gare"
    old = agency(open_alpha).uuid
    apply(open_alpha, document)
    assert words(desk.get(on(WEDNESDAY, agence=old))).count(marked) == 2
    assert names(desk, on(WEDNESDAY)) == []


def test_a_caisse_without_agencies_says_where_they_come_from(alpha: Caisse, desk: Browser) -> None:
    assert "Aucune agence n’est réglée" in words(desk.get(DAY))


def test_the_agency_notes_who_came_and_who_did_not(open_alpha: Caisse, desk: Browser, clock: Clock) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    assert "Est venu" not in words(desk.get(on(WEDNESDAY)))
    clock.set_to(at(9, 0, day=WEDNESDAY))
    come_back(desk, open_alpha)
    before = words(desk.get(on(WEDNESDAY)))
    assert "Est venu" in before
    assert "N’est pas venu" not in before
    done = desk.post(act(booked, "presence"), {"venu": "oui"})
    assert "C’est noté : le client est venu" in words(desk.get(done.headers["Location"]))
    assert again(open_alpha, booked.uuid).state == "kept"
    clock.move(minutes=40)
    come_back(desk, open_alpha)
    assert "N’est pas venu" not in words(desk.get(on(WEDNESDAY)))
    clock.move(minutes=20)
    come_back(desk, open_alpha)
    desk.post(act(booked, "presence"), {"venu": "non"})
    assert again(open_alpha, booked.uuid).state == "missed"
    (event,) = journal(open_alpha, "appointment.missed")
    assert event.details["by"] == staff_uuid(open_alpha)


def test_nobody_has_missed_what_has_not_begun(open_alpha: Caisse, desk: Browser) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    refused = desk.post(act(booked, "presence"), {"venu": "non"})
    assert "rien n’a été noté" in words(desk.get(refused.headers["Location"]))
    assert again(open_alpha, booked.uuid).state == "booked"


def test_cancelling_needs_a_reason_and_tells_the_client(open_alpha: Caisse, desk: Browser) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    address = act(booked, "annuler")
    assert "Choisissez une raison" in words(posted(desk, address, {}))
    assert "Dites pourquoi en quelques mots" in words(posted(desk, address, {"reason": "other"}))
    assert again(open_alpha, booked.uuid).state == "booked"
    done = posted(desk, address, {"reason": "agency_closed", "note": ""})
    page = words(desk.get(done.headers["Location"]))
    assert "Le rendez-vous est annulé. Le client en est prévenu." in page
    assert "L’agence sera fermée à cette heure" in page
    (mail,) = sent(open_alpha, "appointment_cancelled")
    assert "L’agence sera fermée à cette heure" in mail["text"]
    again_done = posted(desk, address, {"reason": "agency_closed", "note": ""})
    assert "était déjà annulé" in words(desk.get(again_done.headers["Location"]))
    assert len(sent(open_alpha, "appointment_cancelled")) == 1


def test_who_cannot_be_told_is_for_the_agency_to_call(open_alpha: Caisse, desk: Browser) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY), client=neighbour(open_alpha))
    done = desk.post(act(booked, "annuler"), {"reason": "nobody_there", "note": ""})
    assert "prévenez-le vous-même" in words(desk.get(done.headers["Location"]))


def test_the_agency_books_from_the_clients_file_without_notice(
    open_alpha: Caisse, desk: Browser, anne: Client
) -> None:
    file = file_of(anne)
    assert "Prendre un rendez-vous" in words(desk.get(file))
    choose = f"{file}rendez-vous/"
    assert "Faire estimer un objet" in words(desk.get(choose))
    slots = desk.get(f"{choose}?motif=redeem")
    links = re.findall(rf'href="({choose}verifier/\?[^"]*)"', slots.content.decode())
    check = desk.get(links[0].replace("&amp;", "&"))
    assert "lundi 14 septembre 2026 à 10 h 00" in words(check)
    form = {name: hidden(check, name) for name in ("motif", "agence", "debut", "objet", "form")}
    done, _again = (desk.post(f"{choose}verifier/", form) for _ in range(2))
    assert "Le rendez-vous est pris" in words(desk.get(done.headers["Location"]))
    (booked,) = appointments(open_alpha)
    assert booked.starts_at == NOW
    (event,) = journal(open_alpha, "appointment.booked")
    assert event.details["by"] == staff_uuid(open_alpha)


def test_an_hour_taken_meanwhile_leads_the_agency_back_to_the_week(
    open_alpha: Caisse, desk: Browser, anne: Client
) -> None:
    uuid = agency(open_alpha).uuid
    query = f"?motif=redeem&agence={uuid}&debut=20260916T0730Z"
    choose = f"{file_of(anne)}rendez-vous/"
    check = desk.get(f"{choose}verifier/{query}")
    form = {name: hidden(check, name) for name in ("motif", "agence", "debut", "objet", "form")}
    for number in (70, 71):
        book(open_alpha, at(9, 30, day=WEDNESDAY), client=register(open_alpha, f"C-{number}"))
    refused = desk.post(f"{choose}verifier/", form).headers["Location"]
    assert refused.startswith("../?")
    assert "Cet horaire n’est plus libre" in words(desk.get(f"{choose}{refused.removeprefix('../')}"))


def test_the_agency_moves_late_what_the_client_may_not(
    open_alpha: Caisse, desk: Browser, clock: Clock
) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    clock.set_to(at(9, 0, day=WEDNESDAY))
    come_back(desk, open_alpha)
    address = act(booked, "deplacer")
    assert "16 septembre 2026" in words(desk.get(address))
    check = desk.get(f"{address}?debut=20260916T1200Z")
    assert 'Nouvel horaire : <strong class="number">16 septembre 2026 à 14 h 00' in words(check)
    form = {name: hidden(check, name) for name in ("debut", "form")}
    done = desk.post(address, form)
    assert "Le rendez-vous est déplacé" in words(desk.get(done.headers["Location"]))
    assert again(open_alpha, booked.uuid).starts_at == at(14, 0, day=WEDNESDAY)
    refused = desk.post(address, {**form, "form": str(uuid4()), "debut": "20260916T1201Z"})
    assert "refus=taken" in refused.headers["Location"]


def test_an_appointment_of_the_other_caisse_is_not_found(
    open_alpha: Caisse, beta: Caisse, desk: Browser
) -> None:
    set_up(beta)
    far = book(beta, at(9, 30, day=WEDNESDAY))
    for name, data in (
        ("presence", {"venu": "oui"}),
        ("annuler", {"reason": "agency_closed"}),
        ("deplacer", {"debut": "20260916T1200Z", "form": str(uuid4())}),
    ):
        assert desk.post(act(far, name), data).status_code == 404
    assert again(beta, far.uuid).state == "booked"


def test_the_desk_calls_the_thing_by_the_words_of_the_desk(open_alpha: Caisse, desk: Browser) -> None:
    register_subject(kind="redeem", subject=RINGS)
    book(open_alpha, at(9, 30, day=WEDNESDAY), about=RING)
    assert "Bague n° 42" in words(desk.get(on(WEDNESDAY)))


def test_a_full_day_asks_the_database_no_more_than_an_empty_one(
    open_alpha: Caisse, desk: Browser, anne: Client
) -> None:
    addresses = (on(WEDNESDAY), file_of(anne))
    before = [count(desk, each) for each in addresses]
    for number in range(6):
        then = at(9 + number // 2, number % 2 * 30, day=WEDNESDAY)
        book(open_alpha, then, client=register(open_alpha, f"C-{400 + number}"))
    for hour in (14, 15):
        book(open_alpha, at(hour, 0, day=WEDNESDAY))
    assert [count(desk, each) for each in addresses] == before


def test_without_the_product_the_counter_has_no_appointments(
    open_alpha: Caisse, desk: Browser, anne: Client
) -> None:
    publish(open_alpha, {"products": ["pawn_loans"]})
    assert desk.get(DAY).status_code == 404
    assert desk.get(f"{file_of(anne)}rendez-vous/").status_code == 404
    assert "Rendez-vous" not in words(desk.get(file_of(anne)))

"""The client's way: list, questions, check, confirmation, move, cancel."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import icalendar
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from tenant_apps.agencies.cancel_appointment import cancel_by_agency
from tenant_apps.agencies.links import booking_address
from tenant_apps.agencies.models import Appointment, AppointmentRules
from tenant_apps.agencies.selectors import agency_of
from tenants.models import Caisse
from tests.agencies.agenda import (
    NOW,
    again,
    agency,
    apply,
    appointments,
    at,
    book,
    example,
    in_days,
    set_up,
)
from tests.agencies.things import RING
from tests.clock import Clock
from tests.desk.counter import register
from tests.identity.steps import hidden, publish, put_in, user_of
from tests.pawn.pledges import neighbour, words
from tests.world import ANNE, BRUNO

LIST, BOOK, CHECK = "/rendez-vous/", "/rendez-vous/prendre/", "/rendez-vous/prendre/verifier/"
WEDNESDAY = in_days(2)


def back(browser: Browser, caisse: Caisse, clock: Clock, moment: datetime) -> None:
    """Signed in again, then: no session lives from one day to another."""
    clock.set_to(moment)
    browser.cookies.clear()
    put_in(browser, caisse, user_of(caisse))


def asked(caisse: Caisse, **parts: object) -> str:
    values = {"motif": "redeem", "agence": agency(caisse).uuid, "debut": "20260916T0730Z", **parts}
    return urlencode({name: str(value) for name, value in values.items() if value})


def form_of(page: Any) -> dict[str, str]:
    names = ("motif", "agence", "debut", "objet", "form")
    return {name: hidden(page, name) for name in names}


def hours(page: Any) -> list[str]:
    """What can be pressed, as it is read."""
    return re.findall(r"(\d+ h \d\d) </a>", words(page))


def test_from_the_list_to_a_booking_every_page_leads_to_the_next(open_alpha: Caisse, anne: Browser) -> None:
    assert "Vous n’avez pas de rendez-vous à venir" in words(anne.get(LIST))
    purposes = anne.get(BOOK)
    assert "Faire estimer un objet" in words(purposes)
    assert "Déposer un objet" not in words(purposes)
    slots = anne.get(f"{BOOK}?motif=redeem")
    assert "Agence du Centre" in words(slots)
    (link,) = re.findall(rf'href="({CHECK}\?[^"]*20260916T0730Z)"', slots.content.decode())
    check = anne.get(link.replace("&amp;", "&"))
    for text in ("Reprendre un objet", "1 rue de l’Exemple", "mercredi 16 septembre 2026 à 9 h 30"):
        assert text in words(check)
    done = anne.post(CHECK, form_of(check))
    assert appointments(open_alpha)[0].starts_at == at(9, 30, day=WEDNESDAY)
    confirmed = words(anne.get(done.headers["Location"]))
    for text in ("Votre rendez-vous est pris", "votre contrat", "une pièce d’identité", "Prévu"):
        assert text in confirmed
    assert "Mercredi 16 septembre 2026 à 9 h 30" in words(anne.get(LIST))
    assert "mercredi 16 septembre 2026 à 9 h 30" in words(anne.get("/"))


def test_the_page_posted_twice_books_once_and_says_the_same(open_alpha: Caisse, anne: Browser) -> None:
    form = form_of(anne.get(f"{CHECK}?{asked(open_alpha)}"))
    answers = [anne.post(CHECK, form).headers["Location"] for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(appointments(open_alpha)) == 1


def test_an_hour_that_was_taken_meanwhile_leads_back_to_the_week_with_a_word(
    open_alpha: Caisse, anne: Browser
) -> None:
    form = form_of(anne.get(f"{CHECK}?{asked(open_alpha)}"))
    for number in (70, 71):
        book(open_alpha, at(9, 30, day=WEDNESDAY), client=register(open_alpha, f"C-{number}"))
    refused = anne.post(CHECK, form)
    page = anne.get(refused.headers["Location"])
    assert "Cet horaire n’est plus libre" in words(page)
    assert 'mercredi</span> <span class="number">16 septembre 2026' in words(page)
    assert "9 h 30" not in hours(page)[:14]


def test_over_the_limit_the_list_says_what_to_do(open_alpha: Caisse, anne: Browser) -> None:
    form = form_of(anne.get(f"{CHECK}?{asked(open_alpha)}"))
    for hour in (10, 11, 14):
        book(open_alpha, at(hour, 0, day=WEDNESDAY))
    page = words(anne.get(anne.post(CHECK, form).headers["Location"]))
    assert "Vous avez déjà autant de rendez-vous à venir que la caisse le permet" in page


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("debut", "demain"),
        ("debut", ""),
        ("debut", "99999999T9999Z"),
        # Moments that are none any more in Paris, or on the day after.
        ("debut", "99991231T2359Z"),
        ("debut", "00010101T0000Z"),
        ("motif", "voler"),
        ("agence", "1"),
        ("form", ""),
        ("objet", "1"),
    ],
)
def test_a_forged_form_books_nothing_and_begins_anew(
    open_alpha: Caisse, anne: Browser, name: str, value: str
) -> None:
    form = form_of(anne.get(f"{CHECK}?{asked(open_alpha)}"))
    answer = anne.post(CHECK, {**form, name: value})
    assert (answer.status_code, answer.headers["Location"]) == (302, "../")
    assert appointments(open_alpha) == []


@pytest.mark.parametrize(
    "query",
    [
        "motif=voler",
        "motif=redeem&semaine=hier",
        "motif=redeem&semaine=9999-12-31",
        "motif=redeem&semaine=0001-01-01",
        "debut=x",
        "motif=%00",
    ],
)
def test_an_address_that_nobody_wrote_shows_a_page_all_the_same(anne: Browser, query: str) -> None:
    assert anne.get(f"{BOOK}?{query}").status_code == 200


@pytest.mark.parametrize("debut", ["99991231T2359Z", "00010101T0000Z"])
def test_an_hour_at_the_end_of_the_calendar_is_no_hour_to_check(
    open_alpha: Caisse, anne: Browser, debut: str
) -> None:
    answer = anne.get(f"{CHECK}?{asked(open_alpha, debut=debut)}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "../")


def test_an_agency_of_nobody_or_of_the_other_caisse_is_not_found(
    open_alpha: Caisse, beta: Caisse, anne: Browser
) -> None:
    set_up(beta)
    for other in (uuid4(), agency(beta).uuid):
        assert anne.get(f"{BOOK}?{asked(open_alpha, agence=other)}").status_code == 404
        assert anne.get(f"{CHECK}?{asked(open_alpha, agence=other)}").status_code == 404
        form = form_of(anne.get(f"{CHECK}?{asked(open_alpha)}"))
        assert anne.post(CHECK, {**form, "agence": str(other)}).status_code == 404
    assert appointments(open_alpha) == []


def test_another_clients_appointment_is_answered_like_one_that_is_not_there(
    open_alpha: Caisse, beta: Caisse, anne: Browser
) -> None:
    set_up(beta)
    theirs = book(open_alpha, at(9, 30, day=WEDNESDAY), client=neighbour(open_alpha))
    far = book(beta, at(9, 30, day=WEDNESDAY))
    for uuid in (theirs.uuid, far.uuid, uuid4()):
        for page in (
            "",
            "rendez-vous.ics",
            "deplacer/",
            "deplacer/verifier/?debut=20260916T0730Z",
            "annuler/",
        ):
            assert anne.get(f"{LIST}{uuid}/{page}").status_code == 404
        assert anne.post(f"{LIST}{uuid}/annuler/").status_code == 404
        moved = anne.post(f"{LIST}{uuid}/deplacer/verifier/", {"debut": "20260916T0730Z", "form": uuid4()})
        assert moved.status_code == 404
    assert again(open_alpha, theirs.uuid).state == "booked"


def test_a_week_shows_its_days_why_one_is_closed_and_the_weeks_around(anne: Browser) -> None:
    page = words(anne.get(f"{BOOK}?motif=redeem"))
    assert "Agence fermée : Un inventaire" in page
    assert "Semaine suivante" in page
    assert "Semaine précédente" not in page
    last = words(anne.get(f"{BOOK}?motif=redeem&semaine=2026-10-14"))
    assert "Semaine précédente" in last
    assert "Semaine suivante" not in last


def test_a_week_without_a_free_hour_leads_to_the_next_free_day(open_alpha: Caisse, anne: Browser) -> None:
    closures = [{"first": "2026-09-15", "last": "2026-09-22", "reason": {"fr": "Travaux", "en": ""}}]
    set_up(open_alpha, closures=closures)
    page = words(anne.get(f"{BOOK}?motif=redeem&semaine=2026-09-16"))
    assert "Plus d’horaire libre cette semaine" in page
    assert "Voir le prochain jour libre : 23 septembre 2026" in page
    # Without a week, the first one that has a free hour.
    assert 'Du <span class="number">21 septembre 2026' in words(anne.get(f"{BOOK}?motif=redeem"))


def test_with_no_free_hour_at_all_the_page_says_to_call(open_alpha: Caisse, anne: Browser) -> None:
    closures = [{"first": "2026-09-14", "last": "2026-12-22", "reason": {"fr": "Travaux", "en": ""}}]
    set_up(open_alpha, closures=closures)
    assert "Appelez l’agence : elle cherche avec vous" in words(anne.get(f"{BOOK}?motif=redeem"))


def test_with_no_agency_every_page_says_what_to_do(
    alpha: Caisse, now: Clock, browser_at: Callable[[str], Browser]
) -> None:
    anne = put_in(browser_at(ANNE.host), alpha, user_of(alpha))
    for address in (LIST, BOOK):
        page = words(anne.get(address))
        assert "On ne prend pas encore rendez-vous en ligne" in page
        assert "04 65 71 00 01" in page


def test_among_several_agencies_the_client_chooses(open_alpha: Caisse, anne: Browser) -> None:
    document = example()
    other = {**document["agencies"][0], "code": "gare", "name": "Agence de la Gare"}
    document["agencies"].append(other)
    apply(open_alpha, document)
    page = words(anne.get(f"{BOOK}?motif=redeem"))
    assert "Dans quelle agence ?" in page
    assert "Agence de la Gare" in page
    there = anne.get(f"{BOOK}?motif=redeem&agence={agency(open_alpha, 'gare').uuid}")
    assert "Changer d’agence" in words(there)
    assert len(hours(there)) > 0


def test_moving_shows_both_hours_and_keeps_the_appointment(open_alpha: Caisse, anne: Browser) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    own = f"{LIST}{booked.uuid}/"
    assert "Pour l’instant : 16 septembre 2026 à 9 h 30" in words(anne.get(f"{own}deplacer/"))
    check = anne.get(f"{own}deplacer/verifier/?debut=20260916T1200Z")
    for text in ("mercredi 16 septembre 2026 à 9 h 30", "mercredi 16 septembre 2026 à 14 h 00"):
        assert text in words(check)
    form = {name: hidden(check, name) for name in ("debut", "form")}
    for _ in range(2):
        assert anne.post(f"{own}deplacer/verifier/", form).headers["Location"] == "../../?fait=deplace"
    assert again(open_alpha, booked.uuid).starts_at == at(14, 0, day=WEDNESDAY)
    assert "Votre rendez-vous est déplacé" in words(anne.get(f"{own}?fait=deplace"))


def test_cancelling_asks_first_and_frees_the_hour(open_alpha: Caisse, anne: Browser) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    own = f"{LIST}{booked.uuid}/"
    assert "Annuler ce rendez-vous ?" in words(anne.get(f"{own}annuler/"))
    assert again(open_alpha, booked.uuid).state == "booked"
    assert anne.post(f"{own}annuler/").headers["Location"] == "../?fait=annule"
    page = words(anne.get(f"{own}?fait=annule"))
    assert "L’horaire est rendu à l’agence" in page
    assert "Prendre un autre rendez-vous" in page
    assert "Ajouter à mon agenda" not in page


def test_too_late_for_the_web_the_pages_say_to_call_and_the_form_changes_nothing(
    open_alpha: Caisse, anne: Browser, now: Clock
) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    with tenant_context(open_alpha):
        AppointmentRules.objects.update(late="agency")
    back(anne, open_alpha, now, at(10, 0, day=in_days(1)))
    own = f"{LIST}{booked.uuid}/"
    assert "Il est trop tard pour le changer en ligne" in words(anne.get(own))
    for page in ("annuler/", "deplacer/", "deplacer/verifier/?debut=20260918T0730Z"):
        assert "ne peut plus changer en ligne" in words(anne.get(f"{own}{page}"))
    assert anne.post(f"{own}annuler/").headers["Location"] == "../?refus=late"
    form = {"debut": "20260918T0730Z", "form": uuid4()}
    assert anne.post(f"{own}deplacer/verifier/", form).headers["Location"] == "../../?refus=late"
    assert "Il est trop tard pour changer ce rendez-vous" in words(anne.get(f"{own}?refus=late"))
    assert again(open_alpha, booked.uuid).state == "booked"


def test_a_late_change_that_is_accepted_is_announced_with_the_delay_of_the_caisse(
    open_alpha: Caisse, anne: Browser, now: Clock
) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    back(anne, open_alpha, now, at(10, 0, day=in_days(1)))
    page = words(anne.get(f"{LIST}{booked.uuid}/annuler/"))
    assert "dans moins de 24 heures" in page


def test_the_calendar_file_is_read_by_a_calendar(open_alpha: Caisse, anne: Browser) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))

    def event() -> Any:
        answer = anne.get(f"{LIST}{booked.uuid}/rendez-vous.ics")
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        (found,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
        return found

    first = event()
    assert first["DTSTART"].dt == booked.starts_at
    assert first["DTEND"].dt == booked.ends_at
    assert first["LOCATION"] == "Agence du Centre, 1 rue de l’Exemple, 30000 Alpha"
    assert "votre contrat" in first["DESCRIPTION"]
    with tenant_context(open_alpha):
        Appointment.objects.filter(pk=booked.pk).update(moves=2)
        cancel_by_agency(uuid=booked.uuid, reason="agency_closed", words="", by=uuid4(), now=NOW)
    second = event()
    assert second["UID"] == first["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 3)
    assert (first["STATUS"], second["STATUS"]) == ("CONFIRMED", "CANCELLED")


def test_the_next_appointment_comes_first_and_what_is_over_last(
    open_alpha: Caisse, anne: Browser, now: Clock
) -> None:
    later = book(open_alpha, at(9, 30, day=in_days(8)))
    sooner = book(open_alpha, at(9, 30, day=WEDNESDAY))
    past = book(open_alpha, at(11, 0, day=in_days(1)))
    back(anne, open_alpha, now, at(12, 0, day=in_days(1)))
    context = anne.get(LIST).context
    assert [each.uuid for each in context["ahead"]] == [sooner.uuid, later.uuid]
    assert [each.uuid for each in context["over"]] == [past.uuid]
    assert "Passé" in words(anne.get(LIST))


def test_a_product_leads_to_a_booking_with_its_thing_chosen(
    open_alpha: Caisse, anne: Browser, ring: UUID
) -> None:
    with tenant_context(open_alpha):
        address = booking_address(purpose="redeem", about=RING)
    page = anne.get(address)
    assert "La bague" in words(anne.get(f"{CHECK}?{asked(open_alpha, objet=RING)}"))
    assert len(hours(page)) > 0
    asks = words(anne.get(f"{BOOK}?motif=redeem"))
    assert "Quelle bague ?" in asks
    assert "Continuer sans choisir" in asks
    assert len(hours(anne.get(f"{BOOK}?motif=redeem&objet=sans"))) > 0
    form = form_of(anne.get(f"{CHECK}?{asked(open_alpha, objet=RING)}"))
    anne.post(CHECK, form)
    assert appointments(open_alpha)[0].about == RING
    assert "La bague" in words(anne.get(LIST))


def test_what_is_not_the_clients_is_not_found(open_alpha: Caisse, anne: Browser, ring: UUID) -> None:
    assert anne.get(f"{BOOK}?motif=redeem&objet={uuid4()}").status_code == 404
    assert anne.get(f"{CHECK}?{asked(open_alpha, objet=uuid4())}").status_code == 404


def test_the_pages_ask_the_database_no_more_for_many_bookings_than_for_none(
    open_alpha: Caisse, anne: Browser
) -> None:
    def counts() -> list[int]:
        found = []
        for address in (LIST, f"{BOOK}?motif=redeem", f"{BOOK}?motif=redeem&semaine=2026-10-14"):
            with CaptureQueriesContext(connection) as queries:
                assert anne.get(address).status_code == 200
            found.append(len(queries))
        return found

    anne.get(LIST)
    before = counts()
    free = [at(9 + half // 2, half % 2 * 30, day=in_days(day)) for day in (7, 8, 9, 14) for half in range(6)]
    for number, hour in enumerate(free):
        book(open_alpha, hour, client=register(open_alpha, f"C-{200 + number}"))
    for day in (2, 7):
        book(open_alpha, at(14, 0, day=in_days(day)))
    assert counts() == before


def test_without_the_product_nothing_is_there(open_alpha: Caisse, anne: Browser) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    publish(open_alpha, {"products": ["pawn_loans"]})
    for address in (LIST, BOOK, CHECK, f"{LIST}{booked.uuid}/", f"{LIST}{booked.uuid}/rendez-vous.ics"):
        assert anne.get(address).status_code == 404
    assert "Mes rendez-vous" not in words(anne.get("/"))


def test_an_english_reader_reads_english_all_along(open_alpha: Caisse, anne: Browser) -> None:
    booked = book(open_alpha, at(9, 30, day=WEDNESDAY))
    anne.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Agence fermée" not in words(anne.get(f"{BOOK}?motif=redeem"))
    assert "Agency closed: Stock-taking" in words(anne.get(f"{BOOK}?motif=redeem"))
    page = words(anne.get(f"{LIST}{booked.uuid}/"))
    for text in ("Wednesday", "16 September 2026 at 09:30", "your contract", "Take an item back"):
        assert text in page


def test_the_hour_that_the_clocks_repeat_is_two_hours(open_alpha: Caisse, anne: Browser, now: Clock) -> None:
    """An agency open all night, on the night of October: both « 2 h 00 » lead to their own."""
    night = {"starts_on": "2026-01-01", "sunday": ["00:00-06:00"]}
    set_up(open_alpha, timetables=[night])
    back(anne, open_alpha, now, at(10, 0, day=in_days(38)))
    links = re.findall(r"debut=(2026102[45]T\d{4}Z)", anne.get(f"{BOOK}?motif=redeem").content.decode())
    assert len(links) == len(set(links)) == 14
    found = [
        anne.get(f"{CHECK}?{asked(open_alpha, debut=each)}") for each in ("20261025T0000Z", "20261025T0100Z")
    ]
    assert all("25 octobre 2026 à 2 h 00" in words(each) for each in found)
    for page in found:
        assert anne.post(CHECK, form_of(page)).status_code == 302
    first, second = appointments(open_alpha)
    assert second.starts_at - first.starts_at == timedelta(hours=1)


def test_at_the_other_caisse_nothing_of_this_one_shows(
    open_alpha: Caisse, beta: Caisse, now: Clock, browser_at: Callable[[str], Browser]
) -> None:
    book(open_alpha, at(9, 30, day=WEDNESDAY))
    bruno = put_in(browser_at(BRUNO.host), beta, user_of(beta))
    assert "Agence du Centre" not in words(bruno.get(LIST)) + words(bruno.get(BOOK)) + words(bruno.get("/"))
    with tenant_context(open_alpha):
        assert agency_of(uuid=agency(open_alpha).uuid).name == "Agence du Centre"

"""A message leads its client to a page that opens for them: the contract, the first connection, or the agency."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.remind import remind
from tenant_apps.pawn.services.keep_dates import keep_dates
from tenants.models import Caisse
from tests.agencies.agenda import MONDAY, at, book, set_up
from tests.identity.steps import mails, publish, user_of
from tests.pawn.loans.lending import TERM, apply_grid, lend
from tests.pawn.pledges import neighbour

NOT_YET = "Commencez par la première connexion"


def reminded(caisse: Caisse) -> str:
    now = timezone.make_aware(datetime.combine(TERM, time(11)))
    with tenant_context(caisse):
        keep_dates(on=TERM, now=now, limit=100)
        remind(now=now)
    return mails(caisse, kind="pawn_due")[-1]


def never_came(caisse: Caisse) -> None:
    with tenant_context(caisse):
        user = user_of(caisse)
        user.set_unusable_password()
        user.save(update_fields=["password"])


def test_who_signs_in_is_led_to_the_contract(lends: Caisse, contract: Contract) -> None:
    said = reminded(lends)
    assert f"/contrats/{contract.uuid}/" in said
    assert NOT_YET not in said


@pytest.mark.parametrize(
    ("activation", "door"),
    [
        ({"sends": ["letter_code"], "asked_by_client": False}, "/premiere-connexion/"),
        ({"sends": ["email_link"], "asked_by_client": True}, "/premiere-connexion/demande/"),
        ({"sends": ["email_link"], "asked_by_client": False}, "/connexion/"),
    ],
)
def test_who_never_came_is_led_to_the_door_of_a_first_connection(
    alpha: Caisse, beta: Caisse, activation: dict[str, object], door: str
) -> None:
    publish(alpha, {"activation": activation})
    with tenant_context(alpha):
        apply_grid()
        lend()
    never_came(alpha)
    said = reminded(alpha)
    assert NOT_YET in said
    assert f"{door}\n" in f"{said}\n"
    assert "/contrats/" not in said


def test_who_has_no_account_is_led_to_the_agency_and_to_no_page(lends: Caisse) -> None:
    client = neighbour(lends)
    with tenant_context(lends):
        Client.objects.filter(pk=client.pk).update(email="noe.huit@example.org")
        lend(client=Client.objects.get(pk=client.pk))
    said = reminded(lends)
    assert "demandez-le à votre agence" in said
    assert "/contrats/" not in said
    assert "connexion" not in said


def test_an_appointment_leads_who_never_came_to_the_same_door(lends: Caisse) -> None:
    set_up(lends)
    never_came(lends)
    book(lends, at(9, 30, day=MONDAY + timedelta(days=2)))
    (said,) = mails(lends, kind="appointment_booked")
    assert NOT_YET in said
    assert "/rendez-vous/" not in said

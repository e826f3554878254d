"""Pawn loans of the client whose page is shown, in any number: the rows of contracts, without their history."""

from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from benchmarks.people import the_person
from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.pawn.domain.tariffs.reading import read_tariff_file
from tenant_apps.pawn.models import Contract, PledgedObject, Tariff
from tenant_apps.pawn.tariffs.apply_tariff import apply_tariff

NUMBER = "B-"
LENT, APPRAISED, MOST = Money.of(1000), Money.of(3000), Money.of(2000)
SIGNED = timedelta(days=60)
TERMS = 120


@transaction.atomic
def hold(*, count: int, on: date) -> int:
    """So many, and no others of ours; how many there were."""
    held = Contract.objects.filter(number__startswith=NUMBER)
    before = held.count()
    PledgedObject.objects.filter(contract__in=held).delete()
    held.delete()
    tariff, owner, start = _tariff(), Client.objects.get(number=the_person().number), on - SIGNED
    made = Contract.objects.bulk_create(
        Contract(
            number=f"{NUMBER}{number}",
            client=owner,
            tariff=tariff,
            kept_at="Nîmes",
            amount_lent=LENT,
            opened_on=start,
            due_on=start + timedelta(days=120 + number % TERMS),
            first_term=start + timedelta(days=120 + number % TERMS),
            capital=LENT,
            appraisal=APPRAISED,
        )
        for number in range(count)
    )
    PledgedObject.objects.bulk_create(
        PledgedObject(
            contract=each,
            position=1,
            category="watch",
            description="Montre",
            appraisal=APPRAISED,
            most_lent=MOST,
        )
        for each in made
    )
    return before


def _tariff() -> Tariff:
    document = read_tariff_file(Path(settings.FIXTURES) / "tariffs" / "nimes.toml").document
    return apply_tariff(document=document, author="bench", reason="bench", at=timezone.now()).tariff

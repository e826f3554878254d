"""Pawn loans of the client whose page is shown, in any number: the rows of contracts, without their history."""

from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from psycopg import sql

from benchmarks.people import the_person
from guichet.kernel.money import Money
from guichet.tenancy.connection import connection
from tenant_apps.clients.models import Client
from tenant_apps.pawn.domain.tariffs.reading import read_tariff_file
from tenant_apps.pawn.models import Contract, PledgedObject, Tariff
from tenant_apps.pawn.tariffs.apply_tariff import apply_tariff
from tenants.provisioning.connections import as_administrator

NUMBER = "B-"
LENT, APPRAISED, MOST = Money.of(1000), Money.of(3000), Money.of(2000)
SIGNED = timedelta(days=60)
TERMS = 120


def hold(*, count: int, on: date) -> int:
    """So many, and no others of ours; how many there were."""
    before = Contract.objects.filter(number__startswith=NUMBER).count()
    _forget()
    _sign(count=count, on=on)
    return before


def _forget() -> None:
    """What was signed is never deleted: a trigger holds it, which nobody but the administrator can set aside."""
    ours = sql.SQL("FROM {table} WHERE {column} IN (SELECT id FROM {contracts} WHERE number LIKE {like})")
    contracts = sql.Identifier(connection.schema_name, "pawn_contract")
    objects = sql.Identifier(connection.schema_name, "pawn_pledgedobject")
    with as_administrator() as administrator:
        administrator.execute("SET LOCAL session_replication_role = replica")
        for table, column in ((objects, "contract_id"), (contracts, "id")):
            statement = ours.format(
                table=table, column=sql.Identifier(column), contracts=contracts, like=f"{NUMBER}%"
            )
            administrator.execute(sql.SQL("DELETE ") + statement)


@transaction.atomic
def _sign(*, count: int, on: date) -> None:
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


def _tariff() -> Tariff:
    document = read_tariff_file(Path(settings.FIXTURES) / "tariffs" / "nimes.toml").document
    return apply_tariff(document=document, author="bench", reason="bench", at=timezone.now()).tariff

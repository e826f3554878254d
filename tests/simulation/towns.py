"""The caisses of a run: new ones, so that their clients and contracts have the same primary keys from 1 on."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from django.conf import settings
from django_tenants.utils import tenant_context

from guichet.tenancy.connection import connection
from tenant_apps.agencies.apply_file import Plan, apply_agencies, read_agencies
from tenant_apps.agencies.document import changes_between
from tenant_apps.clients.models import Client
from tenant_apps.clients.register_client import register_client
from tenant_apps.pawn.domain.tariffs.reading import read_tariff_file
from tenant_apps.pawn.tariffs.apply_tariff import apply_tariff
from tenant_apps.payments.services.quoting import Quote
from tenants.models import Caisse
from tenants.policy.apply_file import apply_plan, plan_files
from tenants.provisioning.connections import as_migrator, become_owner
from tenants.selectors import caisse_of_schema
from tests.simulation.bank import Book
from tests.simulation.chance import START
from tests.world import forget_caisses

CLIENTS = 6
# What differs between caisses: what becomes of a sum that cannot serve, when a sale is charged, how long is waited,
# whether reminders cost something.
KINDS = (
    {"unapplied": "hold", "charged": "announced", "grace": 30, "notice": 10, "grid": "nantes", "told": "all"},
    {"unapplied": "refund", "charged": "sold", "grace": 45, "notice": 15, "grid": "nice", "told": "letters"},
)
FILE = """products = ["pawn_loans", "payments", "documents", "appointments"]

[caisse]
schema_name = "{name}"
name = "Caisse {title}"
town = "{title}"
domains = ["{name}.localhost"]

[identifier]
kind = "digits"
min_length = 10
max_length = 11

[second_factor]
methods = ["sms"]

[texts]
phone = "04 65 71 00 01"
address = "1 rue de l’Essai"

[senders]
mail_from_name = "Caisse {title}"
mail_address = "ne-pas-repondre@{name}.example.org"
sms_sender = "ESSAI"

[payments]
least = 1
unapplied = "{unapplied}"

[pawn]
preparation_charged = "{charged}"
grace = "{grace} jours"
sale_notice = "{notice} jours"
notices_charged = "{told}"
"""


AGENCY = read_agencies(Path(__file__).with_name("agency.toml"))


@dataclass(slots=True)
class Town:
    """A caisse, its bank, and what the run knows of it that no row of it says."""

    caisse: Caisse
    clients: list[Client]
    book: Book
    staff: UUID
    months: tuple[int, ...]
    longer: tuple[int, ...]
    """By how many months its tariff lets a loan be prolonged."""
    baskets: list[tuple[Client, Quote]] = field(default_factory=list)
    forms: list[UUID] = field(default_factory=list)
    till: "Counter[str]" = field(default_factory=Counter)
    """Cents that changed hands at the counter, by kind of act."""

    @property
    def schema(self) -> str:
        return str(self.caisse.schema_name)


@contextmanager
def made(number: int) -> Iterator[list[Town]]:
    """So many new caisses; they go when the run ends."""
    forget()
    try:
        yield [_town(*each) for each in _files(number)]
    finally:
        connection.set_schema_to_public()
        forget()


def forget() -> None:
    with as_migrator() as owner:
        become_owner(owner)
        owner.execute("SET LOCAL lock_timeout = '10s'")
        forget_caisses(owner)
        _forget_jobs(owner)


def _forget_jobs(owner: "psycopg.Connection[tuple[object, ...]]") -> None:
    owner.execute("DELETE FROM procrastinate_jobs")


def _files(number: int) -> list[tuple[str, dict[str, object]]]:
    names = [f"sim{each}" for each in range(1, number + 1)]
    kinds = [KINDS[each % len(KINDS)] for each in range(number)]
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{name}.toml" for name in names]
        for name, kind, path in zip(names, kinds, paths, strict=True):
            path.write_text(FILE.format(name=name, title=name.title(), **kind), encoding="utf-8")
        for plan in plan_files(paths):
            apply_plan(plan, author="simulation", reason="construction")
    return list(zip(names, [dict(each) for each in kinds], strict=True))


def _town(name: str, kind: dict[str, object]) -> Town:
    caisse = caisse_of_schema(schema=name)
    document = read_tariff_file(Path(settings.FIXTURES) / "tariffs" / f"{kind['grid']}.toml").document
    with tenant_context(caisse):
        apply_tariff(document=document, author="simulation", reason="construction", at=START)
        apply_agencies(Plan(AGENCY, changes_between(old={}, new=AGENCY.model_dump(mode="json"))))
        return Town(
            caisse=caisse,
            clients=[_client(name, each) for each in range(1, CLIENTS + 1)],
            book=Book(name),
            staff=uuid4(),
            months=tuple(document.months),
            longer=tuple(document.prolongation.months),
        )


def _client(name: str, number: int) -> Client:
    return register_client(
        number=f"C-{number}",
        title="madam",
        first_name="Essai",
        last_name=f"{name} {number}",
        birth_date=None,
        email=f"client{number}@{name}.example.org",
        mobile=f"+3363998{number:04}",
    )

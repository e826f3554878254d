"""The two caisses of the tests, their people, and how to put everything back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.core.files.base import ContentFile
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from guichet.tenancy.connection import connection
from tenant_apps.clients.models import Client
from tenant_apps.clients.register_client import register_client
from tenant_apps.identity.models import User
from tenant_apps.identity.open_account import open_account
from tenant_apps.pawn.mirror_contract import ContractData, ObjectData, mirror_contract
from tenants.policy.apply_file import apply_plan, plan_files
from tenants.provisioning.connections import as_administrator, as_migrator, become_owner
from tenants.provisioning.deploy import deploy
from tenants.provisioning.schemas import drop, schema_exists
from tenants.selectors import caisse_of_schema
from tests.tenancy.queue import forget_jobs

ALPHA, BETA = "alpha", "beta"
HERE = Path(__file__).resolve().parent
NOON = datetime(2026, 10, 21, 12, 0, tzinfo=UTC)
PICTURE = bytes.fromhex("89504e470d0a1a0a") + b"not looked at"


@dataclass(frozen=True, slots=True)
class Someone:
    """A client of both caisses' tests: the same primary keys in each, another name and secret."""

    caisse: str
    identifier: str
    secret: str
    phone: str

    @property
    def host(self) -> str:
        return f"{self.caisse}.localhost"


ANNE = Someone(ALPHA, "1000000001", "Anne-aime-alpha-1!", "+33639980001")
BRUNO = Someone(BETA, "1000000001", "Bruno-aime-beta-2!", "+33639980002")

SCHEMAS = (ALPHA, BETA, "gie", "public")

# What tests with real commits may write.
WRITTEN = (
    "identity_trycounter",
    "identity_accesscode",
    "identity_wayexception",
    "identity_confirmation",
    "identity_opensession",
    "identity_termsanswer",
    "identity_recoverycode",
    "identity_trusteddevice",
    "identity_recovery",
    "identity_spentdraw",
    "identity_secrettried",
    "django_session",
    "messaging_message",
    "messaging_smsday",
    "messaging_letterbatch",
    "payments_takenevent",
    "payments_unmatcheddispute",
    "payments_basketline",
    "payments_basket",
    "payments_paymentline",
    "payments_refund",
    "payments_payment",
    "payments_receiptyear",
    "payments_dayreport",
    "documents_document",
    "demo_cardrefund",
    "demo_cardorder",
    "demo_mailboxmessage",
    "journal_event",
    "journal_seal",
    "policy_policydraft",
    "pawn_notice",
    "pawn_handover",
    "pawn_sale",
    "pawn_actcharged",
    "pawn_operationline",
    "pawn_operation",
    "pawn_block",
    "pawn_numberseries",
    "pawn_pledgedobject WHERE contract_id > 1",
    "pawn_contract WHERE id > 1",
    "pawn_tariff",
    "desk_draft",
    "agencies_submission",
    "agencies_hold",
    "agencies_appointment",
    "agencies_purpose_resources",
    "agencies_purpose",
    "agencies_resource",
    "agencies_closure",
    "agencies_openingrange",
    "agencies_timetable",
    "agencies_agency",
    "agencies_appointmentrules",
)


DEVICES = ("sms", "totp", "pin", "passkey")


def build_world() -> None:
    """Two caisses, the GIE and the front door; in each caisse a client, an account, a contract, all of key 1."""
    deploy(say=lambda _: None)
    for plan in plan_files(sorted((HERE / "caisses").glob("*.toml"))):
        apply_plan(plan, author="tests", reason="construction")
    for someone in (ANNE, BRUNO):
        with tenant_context(caisse_of_schema(schema=someone.caisse)):
            _people(someone)
    with tenant_context(caisse_of_schema(schema="gie")):
        open_account(
            kind=User.Kind.OPERATOR,
            identifier="op@gie.example.org",
            secret="Operer-le-GIE-2026!",
            display_name="Olga Opérat",
            now=timezone.now(),
            phone="+33639980009",
        )
    # Each publication has asked for a report.
    forget_jobs()


def _people(someone: Someone) -> None:
    client = register_client(
        number="C-1",
        title="madam",
        first_name="Prénom",
        last_name=someone.caisse.title(),
        birth_date=date(1980, 1, 1),
        email=f"client@{someone.caisse}.example.org",
        mobile=someone.phone,
    )
    open_account(
        kind=User.Kind.CLIENT,
        identifier=someone.identifier,
        secret=someone.secret,
        display_name=f"Prénom {someone.caisse}",
        now=NOON,
        client=client,
        phone=someone.phone,
    )
    open_account(
        kind=User.Kind.STAFF,
        identifier=f"agent@{someone.caisse}.example.org",
        secret="Agent-au-guichet-3!",
        display_name="Agent",
        now=NOON,
        phone="",
    )
    _contract(client, someone)


def _contract(client: Client, someone: Someone) -> None:
    contract = ContractData(
        number=f"{someone.caisse}-1",
        state="running",
        kept_at=someone.caisse.title(),
        amount_lent=Money.of(1000),
        opened_on=date(2026, 5, 2),
        due_on=date(2026, 5, 2) + timedelta(days=365),
        amount_due=Money.of("1059.20"),
        amount_due_as_of=NOON,
    )
    ring = ObjectData(category="ring", description=f"Bague de {someone.caisse}", appraisal=Money.of(1420))
    stored = mirror_contract(client=client, data=contract, objects=[ring])
    photo = stored.objects_pledged.get()
    photo.photo.save(f"{photo.uuid}.png", ContentFile(PICTURE + someone.caisse.encode()))


def forget_caisses(owner: "psycopg.Connection[Any]") -> None:
    """Every caisse that is not of this world: row, domains, schema and role."""
    extra = owner.execute(
        "SELECT id, schema_name FROM tenants_caisse WHERE schema_name <> ALL(%s)", [list(SCHEMAS)]
    )
    for key, schema in extra.fetchall():
        owner.execute("DELETE FROM tenants_domain WHERE tenant_id = %s", [key])
        owner.execute("DELETE FROM tenants_caissereport WHERE caisse_id = %s", [key])
        owner.execute("DELETE FROM tenants_caisse WHERE id = %s", [key])
        if schema_exists(owner, schema):
            drop(owner, schema=schema)
            become_owner(owner)


def restore_world() -> None:
    """Empty what committed tests wrote, in every schema and in the queue; every policy is its first again."""
    with as_migrator() as owner:
        become_owner(owner)
        # A thread that a test left with an open transaction must fail this, not hang it.
        owner.execute("SET LOCAL lock_timeout = '10s'")
        forget_caisses(owner)
    with as_administrator() as administrator:
        # What was signed is never deleted: a trigger holds it, which nobody but the administrator can set aside.
        administrator.execute("SET LOCAL lock_timeout = '10s'; SET LOCAL session_replication_role = replica")
        # One round trip; and DELETE, since TRUNCATE makes each small table's files anew.
        administrator.execute("; ".join([*map(_emptying, (ALPHA, BETA, "gie")), EMPTYING_PUBLIC]).encode())
    connection.close()


def _emptying(schema: str) -> str:
    return "; ".join(
        [
            *(f"DELETE FROM {schema}.{table}" for table in WRITTEN),  # noqa: S608  # our own words
            f"UPDATE {schema}.identity_smsdevice SET code_digest = '', code_expires_at = NULL, sent = '[]'",  # noqa: S608  # as above
            f"UPDATE {schema}.identity_user SET last_login = NULL",  # noqa: S608  # as above
            *(f"DELETE FROM {schema}.identity_{kind}device WHERE user_id > 2" for kind in DEVICES),  # noqa: S608  # as above
            f"DELETE FROM {schema}.identity_user WHERE id > 2",  # noqa: S608  # as above
            f"DELETE FROM {schema}.clients_client WHERE id > 1",  # noqa: S608  # as above
            f"DELETE FROM {schema}.policy_policyversion WHERE number > 1",  # noqa: S608  # as above
        ]
    )


EMPTYING_PUBLIC = (
    "UPDATE tenants_caisse SET policy_version = 1, state = 'active' WHERE policy_version > 0;"
    "DELETE FROM tenants_caissereport; DELETE FROM procrastinate_jobs; DELETE FROM procrastinate_workers;"
    "DELETE FROM procrastinate_periodic_defers"
)

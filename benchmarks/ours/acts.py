"""What Guichet's own side of a comparison can be asked for."""

import time
from datetime import datetime

from django.core.management import call_command
from django.utils import timezone
from django_tenants.utils import tenant_context
from psycopg import sql

from benchmarks.client import last_code, load_client, load_people
from benchmarks.contracts_held import hold
from benchmarks.objects import objects_of
from benchmarks.ours.caisses import AUTHOR, REASON, files, invented
from benchmarks.people import CAISSE, newcomers
from benchmarks.visitor import Visitor, sign_in
from tenants.models import Kind
from tenants.policy.apply_file import apply_plan, plan_files
from tenants.provisioning.connections import as_migrator, become_owner
from tenants.provisioning.deploy import deploy
from tenants.provisioning.schemas import drop, replay
from tenants.provisioning.write_caisse import write_caisse
from tenants.selectors import all_caisses, caisse_of_schema, caisses_with_schema

TRIED = "bench_ours"
GROWN = "bench_"

visitor = Visitor()


def build(*, now: str) -> int:
    """Caisses of the demo, from their files, and the client whose page is shown. How many have a schema."""
    deploy(say=_hush)
    for plan in plan_files(files()):
        apply_plan(plan, author=AUTHOR, reason=REASON)
    with tenant_context(caisse_of_schema(schema=CAISSE)):
        load_client(now=datetime.fromisoformat(now))
    call_command("collectstatic", interactive=False, verbosity=0)
    return caisses_with_schema().count()


def grow(*, to: int) -> int:
    """More caisses by replay, until there are so many. How many there are."""
    for number in range(caisses_with_schema().count() + 1, to + 1):
        row, version = invented(schema=f"{GROWN}{number:04}", number=number)
        write_caisse(row=row, version=version)
    return caisses_with_schema().count()


def hosts() -> list[str]:
    """Of every caisse, those of the demo first."""
    found = sorted(all_caisses(), key=lambda each: (each[0].schema_name.startswith(GROWN), each[1]))
    return [host for _, host in found]


def load_newcomers(*, first: int, count: int, now: str) -> None:
    """Clients of Nîmes who are nobody else."""
    with tenant_context(caisse_of_schema(schema=CAISSE)):
        load_people(people=newcomers(first=first, count=count), now=datetime.fromisoformat(now))


def hold_contracts(*, count: int) -> int:
    """The client whose page is shown holds so many of ours, beside the mirrored ones; how many there were of ours."""
    with tenant_context(caisse_of_schema(schema=CAISSE)):
        return hold(count=count, on=timezone.localdate())


def create_schema() -> float:
    """Schema, role, grants, tables and seed rows: a connection of its own and one transaction."""
    began = time.perf_counter()
    with as_migrator() as migrator:
        replay(migrator, schema=TRIED, kind=Kind.CAISSE)
    return time.perf_counter() - began


def create_caisse() -> float:
    """The same with the row in `public`, the domain and the published policy."""
    row, version = invented(schema=TRIED, number=0)
    began = time.perf_counter()
    write_caisse(row=row, version=version)
    return time.perf_counter() - began


def look() -> dict[str, int]:
    with as_migrator() as migrator:
        become_owner(migrator)
        return objects_of(migrator, schema=TRIED)


def remove() -> None:
    """What `create_schema` or `create_caisse` made."""
    with as_migrator() as migrator:
        drop(migrator, schema=TRIED)
        become_owner(migrator)
        for statement in (
            "DELETE FROM tenants_domain WHERE tenant_id IN (SELECT id FROM tenants_caisse WHERE schema_name = {})",
            "DELETE FROM tenants_caisse WHERE schema_name = {}",
        ):
            migrator.execute(sql.SQL(statement).format(sql.Literal(TRIED)))


def deploy_again(*, caisses: int) -> float:
    """Nothing to do, over so many caisses."""
    began = time.perf_counter()
    done = deploy(say=_hush)
    seconds = time.perf_counter() - began
    if done.caisses != caisses or done.migrated:
        raise RuntimeError(f"a deploy with nothing to do over {caisses} caisses was asked for, not {done}")
    return seconds


def sign_in_there() -> dict[str, str]:
    def read_code() -> str:
        with tenant_context(caisse_of_schema(schema=CAISSE)):
            return last_code()

    return sign_in(read_code=read_code)


def _hush(_line: str) -> None:
    pass


ACTS = {
    "build": build,
    "grow": grow,
    "hosts": hosts,
    "load_newcomers": load_newcomers,
    "hold_contracts": hold_contracts,
    "create_schema": create_schema,
    "create_caisse": create_caisse,
    "look": look,
    "remove": remove,
    "deploy": deploy_again,
    "sign_in": sign_in_there,
    "arrive": visitor.arrive,
    "visit": visitor.visit,
    "statements": visitor.statements,
    "page": visitor.page,
    "go_round": visitor.go_round,
    "visit_among_others": visitor.visit_among_others,
}

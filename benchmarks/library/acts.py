"""What django-tenants as it comes can be asked for, on the same database."""

import time

from django.core.management import call_command
from django.db import connection
from django_tenants.models import TenantMixin

from benchmarks.objects import objects_of
from tenants.models import Caisse, Domain, Kind

TRIED = "bench_library"


def create_schema() -> float:
    """Schema, tables and seed rows: a connection of its own, as ours has, and the migrations."""
    caisse = _caisse()
    connection.close()
    began = time.perf_counter()
    caisse.create_schema(verbosity=0)
    return time.perf_counter() - began


def create_tenant() -> float:
    """The same with its row and its domain, as the library's documentation has it."""
    caisse = _caisse()
    connection.close()
    began = time.perf_counter()
    # Ours refuses to be saved, and makes no schema when it is: this is the library's own way.
    caisse.auto_create_schema = True
    TenantMixin.save(caisse, verbosity=0)
    Domain.objects.create(domain="bench-library.localhost", tenant=caisse, is_primary=True)
    return time.perf_counter() - began


def look() -> dict[str, int]:
    connection.ensure_connection()
    return objects_of(connection.connection, schema=TRIED)


def remove() -> None:
    """What `create_schema` or `create_tenant` made."""
    _caisse()._drop_schema(force_drop=True)  # noqa: SLF001  # delete() needs a row, which create_schema makes none of
    Domain.objects.filter(tenant__schema_name=TRIED).delete()
    Caisse.objects.filter(schema_name=TRIED).delete()


def migrate_schemas() -> float:
    """Nothing to do, over all tenants and `public`."""
    began = time.perf_counter()
    call_command("migrate_schemas", interactive=False, verbosity=0)
    return time.perf_counter() - began


def _caisse() -> Caisse:
    return Caisse(schema_name=TRIED, name="Essai", town="Essai", kind=Kind.CAISSE, policy_version=1)


ACTS = {
    "create_schema": create_schema,
    "create_tenant": create_tenant,
    "look": look,
    "remove": remove,
    "migrate_schemas": migrate_schemas,
}

import threading
from dataclasses import replace
from functools import partial
from typing import Any

import psycopg
import pytest

from guichet.kernel.names import folded
from guichet.tenancy.roles import SchemaNameRefusedError
from tenants.models import Caisse, Domain
from tenants.provisioning.connections import as_migrator, become_owner
from tenants.provisioning.schemas import schema_exists
from tenants.provisioning.write_caisse import CaisseRow, DomainTakenError, NewVersion, write_caisse
from tests.concurrency.parallel import at_once
from tests.tenants.provisioning.conftest import role_exists, row, version
from tests.world import ALPHA


def rows() -> list[Any]:
    """Every row of `public` that a writer may touch."""
    return [*Caisse.objects.order_by("id").values(), *Domain.objects.order_by("id").values()]


def versions(schema: str) -> list[tuple[Any, ...]]:
    with as_migrator() as owner:
        become_owner(owner)
        asked = f"SELECT number, document, author FROM {schema}.policy_policyversion ORDER BY number"  # noqa: S608  # our own words
        return owner.execute(asked.encode()).fetchall()


def domains(schema: str) -> list[tuple[str, bool]]:
    found = Domain.objects.filter(tenant__schema_name=schema).order_by("-is_primary", "domain")
    return list(found.values_list("domain", "is_primary"))


def exists(schema: str) -> bool:
    with as_migrator() as connection:
        return schema_exists(connection, schema)


def write(row: CaisseRow, version: NewVersion | None) -> int:
    return write_caisse(row=row, version=version)


def test_a_new_caisse_has_a_schema_a_role_a_row_its_domains_and_a_policy(throwaway: list[str]) -> None:
    throwaway.append("essai")
    assert write(row("essai", "essai.example.org", "www.essai.example.org"), version(a=1)) == 1
    assert exists("essai")
    assert role_exists("essai")
    caisse = Caisse.objects.get(schema_name="essai")
    assert (caisse.policy_version, caisse.state, caisse.kind) == (1, "active", "caisse")
    assert domains("essai") == [("essai.example.org", True), ("www.essai.example.org", False)]
    assert versions("essai") == [(1, {"a": 1}, "essai")]


def test_writing_the_same_again_changes_nothing(throwaway: list[str]) -> None:
    throwaway.append("essai")
    write(row("essai"), version())
    before, published = rows(), versions("essai")
    assert write(row("essai"), None) == 1
    assert write(row("essai"), None) == 1
    assert rows() == before
    assert versions("essai") == published


def test_a_second_writing_changes_what_it_says_and_nothing_else(throwaway: list[str]) -> None:
    throwaway.append("essai")
    write(row("essai", "a.example.org", "b.example.org"), version())
    [before] = Caisse.objects.filter(schema_name="essai").values()
    write(row("essai", "b.example.org", "c.example.org", name="Autre nom"), version(b=2))
    [after] = Caisse.objects.filter(schema_name="essai").values()
    assert {key for key, value in after.items() if (key, value) not in before.items()} == {
        "name",
        "folded_name",
        "policy_version",
    }
    assert after["folded_name"] == folded(f"{after['town']} Autre nom")
    assert domains("essai") == [("b.example.org", True), ("c.example.org", False)]
    assert [number for number, *_ in versions("essai")] == [1, 2]


def test_the_colour_of_the_front_door_is_a_colour_or_none(throwaway: list[str]) -> None:
    throwaway.append("essai")
    write(replace(row("essai"), accent="#1e6b3a"), version())
    assert Caisse.objects.get(schema_name="essai").accent == "#1e6b3a"
    with pytest.raises(psycopg.errors.CheckViolation):
        write(replace(row("essai"), accent='red"/>'), None)
    write(row("essai"), None)
    assert Caisse.objects.get(schema_name="essai").accent == ""


def test_a_suspended_caisse_stays_suspended_when_it_is_written_again(throwaway: list[str]) -> None:
    throwaway.append("essai")
    write(row("essai"), version())
    with as_migrator() as owner:
        become_owner(owner)
        owner.execute("UPDATE tenants_caisse SET state = 'suspended' WHERE schema_name = 'essai'")
    write(row("essai", name="Autre nom"), version(b=2))
    assert Caisse.objects.get(schema_name="essai").state == "suspended"


def test_a_domain_that_is_taken_is_refused_and_nothing_has_changed(throwaway: list[str]) -> None:
    throwaway += ["essai", "autre"]
    write(row("autre"), version())
    before = rows()
    with pytest.raises(DomainTakenError, match=r"alpha\.localhost.*« alpha »"):
        write(row("essai", "essai.example.org", "alpha.localhost"), version())
    with pytest.raises(DomainTakenError):
        write(row("autre", "autre.example.org", "alpha.localhost", name="Autre nom"), version(b=2))
    assert rows() == before
    assert not exists("essai")
    assert not role_exists("essai")
    assert len(versions("autre")) == 1


def test_a_domain_that_another_takes_meanwhile_is_refused(throwaway: list[str]) -> None:
    throwaway += ["essai", "autre"]
    outcome: list[Any] = []
    with as_migrator() as other:
        become_owner(other)
        other.execute(
            "UPDATE tenants_domain SET domain = 'shared.example.org' WHERE domain = 'www.alpha.example.org'"
        )
        writer = threading.Thread(
            target=lambda: outcome.extend(
                at_once([partial(write, row("essai", "shared.example.org"), version())])
            )
        )
        writer.start()
        try:
            # It has seen the domain free, and waits for the transaction that is taking it.
            wait_for_a_waiting_insert(other)
        finally:
            other.commit()
            writer.join(timeout=30)
    with as_migrator() as owner:
        become_owner(owner)
        owner.execute(
            "UPDATE tenants_domain SET domain = 'www.alpha.example.org' WHERE domain = 'shared.example.org'"
        )
    assert [type(each) for each in outcome] == [DomainTakenError]
    assert not exists("essai")
    assert not role_exists("essai")
    assert domains(ALPHA) == [("alpha.localhost", True), ("www.alpha.example.org", False)]


def wait_for_a_waiting_insert(connection: "psycopg.Connection[Any]") -> None:
    asked = "SELECT pg_stat_clear_snapshot(), count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"
    pause = threading.Event()
    for _ in range(200):
        found = connection.execute(asked).fetchone()
        if found and found[1]:
            return
        pause.wait(0.05)
    pytest.fail("nothing waited for the domain")


def test_two_writers_of_one_caisse_at_once_make_it_once(throwaway: list[str]) -> None:
    throwaway.append("essai")
    acts = [partial(write, row("essai"), version(by=position)) for position in range(4)]
    assert sorted(at_once(acts), key=repr) == [1, 2, 3, 4]
    assert Caisse.objects.get(schema_name="essai").policy_version == 4
    assert [number for number, *_ in versions("essai")] == [1, 2, 3, 4]


def test_of_two_new_caisses_that_want_one_domain_at_once_one_is_made(throwaway: list[str]) -> None:
    throwaway += ["essai", "autre"]
    wanted = {name: row(name, "shared.example.org") for name in throwaway}
    outcomes = dict(
        zip(wanted, at_once([partial(write, each, version()) for each in wanted.values()]), strict=True)
    )
    [made] = [name for name, outcome in outcomes.items() if outcome == 1]
    [refused] = [name for name, outcome in outcomes.items() if isinstance(outcome, DomainTakenError)]
    assert domains(made) == [("shared.example.org", True)]
    assert exists(made)
    assert not exists(refused)
    assert not Caisse.objects.filter(schema_name=refused).exists()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Essai",
        "pg_catalog",
        "information_schema",
        "zz_blueprint_0",
        "essai; DROP SCHEMA alpha CASCADE",
        'essai" CASCADE; --',
        "essai'",
        "essai\x00",
        "a" * 40,
    ],
)
@pytest.mark.parametrize("published", [True, False])
def test_a_hostile_schema_name_is_refused_and_nothing_has_changed(
    name: str, published: bool, committed: None
) -> None:
    before = rows()
    with pytest.raises(SchemaNameRefusedError):
        write(row(name, "essai.example.org"), version() if published else None)
    assert rows() == before


def test_a_schema_that_is_no_caisse_s_is_not_taken_over(throwaway: list[str]) -> None:
    before = rows()
    with as_migrator() as owner:
        become_owner(owner)
        owner.execute("CREATE SCHEMA somebodys")
        owner.execute("CREATE TABLE somebodys.policy_policyversion (id int)")
    try:
        with pytest.raises(psycopg.errors.DuplicateSchema):
            write(row("somebodys"), None)
        with pytest.raises(psycopg.errors.DuplicateSchema):
            write(row("somebodys"), version())
    finally:
        with as_migrator() as owner:
            become_owner(owner)
            owner.execute("DROP SCHEMA somebodys CASCADE")
    assert rows() == before
    assert not role_exists("somebodys")


def test_a_version_that_nobody_signed_leaves_no_caisse_behind(throwaway: list[str]) -> None:
    throwaway.append("essai")
    before = rows()
    unsigned = NewVersion(document={}, digest="d" * 64, author="", reason="essai")
    with pytest.raises(psycopg.errors.CheckViolation, match="a_version_is_signed_with_a_reason"):
        write(row("essai"), unsigned)
    assert rows() == before
    assert not exists("essai")
    assert not role_exists("essai")


def test_a_second_gie_is_refused_by_the_database(throwaway: list[str]) -> None:
    throwaway.append("essai")
    with pytest.raises(psycopg.errors.UniqueViolation, match="one_front_door_and_one_gie"):
        write(row("essai", kind="gie"), version())
    assert not exists("essai")

"""Taking over a contract as the caisse's own system has it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.pawn.mirror_contract import ContractData, ObjectData, mirror_contract
from tenant_apps.pawn.models import Contract
from tenants.models import Caisse
from tests.world import NOON, PICTURE

DATA = ContractData(
    number="2026-1",
    state="running",
    kept_at="Alpha",
    amount_lent=Money.of("100.00"),
    opened_on=date(2026, 1, 1),
    due_on=date(2027, 1, 1),
    amount_due=Money.of("107.40"),
    amount_due_as_of=NOON,
)
RING = ObjectData(category="ring", description="Bague", appraisal=Money.of(150))
WATCH = ObjectData(category="watch", description="Montre", appraisal=Money.of(80))


@pytest.fixture
def anne(in_alpha: Caisse) -> Client:
    return Client.objects.get()


def mirror(anne: Client, *objects: ObjectData, **changes: object) -> Contract:
    return mirror_contract(client=anne, data=replace(DATA, **changes), objects=objects)  # type: ignore[arg-type]  # fields of the data


def described(contract: Contract) -> list[str]:
    return [each.description for each in contract.objects_pledged.order_by("position")]


def photo_of(contract: Contract) -> bytes:
    with contract.objects_pledged.get().photo.open("rb") as photo:
        content: bytes = photo.read()
        return content


def test_a_second_run_changes_nothing(anne: Client) -> None:
    first, second = mirror(anne, RING, WATCH), mirror(anne, RING, WATCH)
    assert first.pk == second.pk
    assert first.objects_pledged.in_bulk() == second.objects_pledged.in_bulk()
    assert described(second) == ["Bague", "Montre"]


def test_what_changed_is_taken_over(anne: Client) -> None:
    before = mirror(anne, RING, WATCH)
    after = mirror(anne, WATCH, state="redeemed", amount_due=Money.of(0))
    after.refresh_from_db()
    assert (after.uuid, after.state, after.amount_due) == (before.uuid, "redeemed", Money.of(0))
    assert described(after) == ["Montre"]


def test_a_picture_is_copied_once_and_replaced_by_another(anne: Client, tmp_path: Path) -> None:
    picture = tmp_path / "bague.png"
    picture.write_bytes(PICTURE)
    with_picture = replace(RING, picture=picture)
    first = mirror(anne, with_picture).objects_pledged.get().photo
    again = mirror(anne, with_picture).objects_pledged.get().photo
    assert first.name == again.name
    assert "bague" not in str(first.name)
    picture.write_bytes(PICTURE + b"another")
    assert photo_of(mirror(anne, with_picture)) == PICTURE + b"another"


def test_a_photo_stays_when_the_other_system_has_none(anne: Client, tmp_path: Path) -> None:
    picture = tmp_path / "bague.png"
    picture.write_bytes(PICTURE)
    mirror(anne, replace(RING, picture=picture))
    assert photo_of(mirror(anne, RING)) == PICTURE


@pytest.mark.parametrize(
    "impossible",
    [
        {"amount_lent": Money.of(0)},
        {"amount_lent": Money.of(-1)},
        {"amount_due": Money.of("-0.01")},
        {"due_on": date(2026, 1, 1)},
        {"due_on": date(2025, 12, 31)},
    ],
)
def test_the_database_refuses_a_contract_that_cannot_be(anne: Client, impossible: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        mirror(anne, RING, **impossible)


def test_a_failure_leaves_nothing_half_written(anne: Client) -> None:
    wrong = replace(WATCH, appraisal=None)  # type: ignore[arg-type]  # what a broken feed would send
    with pytest.raises(IntegrityError), transaction.atomic():
        mirror(anne, RING, wrong)
    assert not Contract.objects.filter(number=DATA.number).exists()

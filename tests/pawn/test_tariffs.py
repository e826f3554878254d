"""The tariffs that a caisse has applied."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from guichet.tenancy.connection import connection
from tenant_apps.pawn.models import Tariff
from tenant_apps.pawn.tariffs import apply_tariff as service
from tenant_apps.pawn.tariffs.apply_tariff import (
    Applied,
    AppliedMeanwhileError,
    TariffRefusedError,
    TariffSignedError,
    apply_tariff,
)
from tenant_apps.pawn.tariffs.selectors import (
    NoTariffError,
    computed,
    signed_under,
    tariff_in_force,
    tariffs_here,
)
from tenants.models import Caisse
from tests.pawn.tariffs.written import document

NOW = datetime(2026, 1, 2, 9, 0, tzinfo=UTC)
DEAR = [{"rate": "3", "per": "month"}]

# The row of the other caisse is read first: in the first one it cannot be.
pytestmark = pytest.mark.usefixtures("beta", "in_alpha")


def apply(**otherwise: Any) -> Applied:
    return apply_tariff(document=document(**otherwise), author="Aude", reason="essai", at=NOW)


def test_the_same_tariff_again_changes_nothing() -> None:
    first, again = apply(), apply()
    assert (first.created, again.created) == (True, False)
    assert again.tariff == first.tariff
    assert Tariff.objects.count() == 1


def test_another_one_of_the_same_day_takes_its_place_while_nobody_signed() -> None:
    apply()
    correction = apply(label="Corrigé")
    assert correction.tariff.number == 2
    assert tariff_in_force(on=date(2026, 1, 1)) == correction.tariff


def test_once_a_loan_was_signed_only_a_later_day_may_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    first = apply().tariff
    monkeypatch.setattr(service, "signed_under", lambda *, tariff: tariff == first)
    with pytest.raises(TariffSignedError):
        apply(label="Corrigé")
    assert apply().created is False
    later = apply(valid_from="2026-02-01").tariff
    assert tariff_in_force(on=date(2026, 1, 31)) == first
    assert tariff_in_force(on=date(2026, 2, 1)) == later


def test_what_refers_to_a_tariff_was_signed_under_it(monkeypatch: pytest.MonkeyPatch) -> None:
    tariff = apply().tariff
    assert not signed_under(tariff=tariff)

    class Relation:
        @staticmethod
        def get_accessor_name() -> str:
            return "contracts"

    monkeypatch.setattr(Tariff, "contracts", Tariff.objects, raising=False)
    monkeypatch.setattr(Tariff._meta, "related_objects", (Relation,))
    assert signed_under(tariff=tariff)


def test_a_tariff_that_the_check_refuses_is_not_stored() -> None:
    with pytest.raises(TariffRefusedError) as refused:
        apply(brackets=DEAR)
    assert {each.rule for each in refused.value.findings} == {"usury-ceiling"}
    with pytest.raises(TariffRefusedError):
        apply(valid_from="2030-01-01")
    assert not Tariff.objects.exists()


def test_two_at_once_do_not_get_the_same_number(monkeypatch: pytest.MonkeyPatch) -> None:
    apply()

    class Late:
        """Has read the table before the other one wrote."""

        @staticmethod
        def order_by(_: str) -> "Late":
            return Late()

        @staticmethod
        def first() -> None:
            return None

        create = staticmethod(Tariff.objects.create)

    monkeypatch.setattr(service, "latest_from", lambda **_: None)
    monkeypatch.setattr(Tariff, "objects", Late)
    with pytest.raises(AppliedMeanwhileError):
        apply(label="Un autre")


def test_before_the_first_tariff_there_is_none() -> None:
    apply()
    with pytest.raises(NoTariffError):
        tariff_in_force(on=date(2025, 12, 31))


def test_the_latest_comes_first() -> None:
    apply()
    apply(valid_from="2026-03-01")
    apply(label="Corrigé")
    assert [each.number for each in tariffs_here()] == [2, 3, 1]


def test_a_tariff_is_parsed_once_in_a_process() -> None:
    tariff = apply().tariff
    first = computed(uuid=tariff.uuid)
    with CaptureQueriesContext(connection) as queries:
        assert computed(uuid=tariff.uuid) is first
    assert len(queries) == 0
    assert first.document == document()


@pytest.fixture
def elsewhere(beta: Caisse, in_alpha: Caisse) -> Iterator[Tariff]:
    """Alpha's tariff, seen from Beta, which has one of its own."""
    mine = apply().tariff
    with tenant_context(beta):
        apply(label="De Bêta")
        yield mine


def test_the_tariff_of_another_caisse_is_none_here(elsewhere: Tariff) -> None:
    assert [each.label for each in tariffs_here()] == ["De Bêta"]
    with pytest.raises(NoTariffError):
        computed(uuid=elsewhere.uuid)

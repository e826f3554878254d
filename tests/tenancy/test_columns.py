"""A sum in a column."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.migrations.writer import MigrationWriter

from guichet.kernel.money import Money
from guichet.tenancy.columns import MoneyField


def test_a_sum_goes_in_as_an_exact_number_and_comes_out_as_a_sum() -> None:
    column = MoneyField()
    assert column.get_prep_value(Money(1050)) == Decimal("10.50")
    assert column.get_db_prep_save(Money(1050), connection) == Decimal("10.50")
    assert column.from_db_value(Decimal("10.50")) == Money(1050)
    assert column.from_db_value(None) is None


def test_an_expression_passes_as_it_is() -> None:
    column, doubled = MoneyField(), models.F("amount") * 2
    assert column.get_prep_value(doubled) is doubled


@pytest.mark.parametrize("refused", ["12.345", 1.5, "douze"])
def test_what_is_no_sum_is_refused(refused: object) -> None:
    with pytest.raises(ValidationError):
        MoneyField().to_python(refused)


def test_a_sum_that_the_column_cannot_hold_is_refused() -> None:
    assert MoneyField().clean(Money(10**12 - 1), None) == Money(10**12 - 1)
    with pytest.raises(ValidationError):
        MoneyField().clean(Money(10**12), None)


def test_a_migration_says_no_more_than_it_must() -> None:
    written, _ = MigrationWriter.serialize(MoneyField())
    assert written == "guichet.tenancy.columns.MoneyField()"

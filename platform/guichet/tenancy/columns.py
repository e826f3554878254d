"""Columns that hold a type of the kernel."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable

from guichet.kernel.money import Money, NotMoneyError


class MoneyField(models.DecimalField):  # type: ignore[type-arg]  # Django's stubs type the field by its Decimal
    """A sum as PostgreSQL's exact numeric, `Money` in Python."""

    # What the plugin of mypy reads.
    _pyi_private_set_type: Money | Combinable  # type: ignore[assignment]  # the stubs say Decimal
    _pyi_private_get_type: Money  # type: ignore[assignment]  # as above

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_digits": 12, "decimal_places": 2, **kwargs})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, args, kwargs

    def from_db_value(self, value: Decimal | None, *_: object) -> Money | None:
        return None if value is None else Money.of(value)

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, Money):
            return value
        try:
            return Money.of(value)
        except (NotMoneyError, TypeError) as error:
            raise ValidationError(str(error)) from error

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Money):
            return value.euros
        # What is compared with a column may be an expression; a plain number must be whole cents all the same.
        return value if value is None or hasattr(value, "resolve_expression") else self.to_python(value).euros

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002  # as Django calls it
        # As it is: PostgreSQL takes a Decimal, and Django's own field would make a sum of it again.
        return value if prepared else self.get_prep_value(value)

    def run_validators(self, value: Any) -> None:
        super().run_validators(value.euros if isinstance(value, Money) else value)

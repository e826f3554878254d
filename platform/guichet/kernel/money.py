"""Sums in euros, exact to the cent. A float of euros does not exist."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

_CENTS = Decimal(100)


class NotMoneyError(ValueError):
    """What was given is no sum in whole cents."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """Whole cents, positive or negative. Sums are added to and taken from one another, and multiplied by whole numbers.

    What makes fractions of a cent, a rate or a share, is computed in `Decimal` and rounded once, by `rounded`.
    """

    cents: int = 0

    def __post_init__(self) -> None:
        # A bool is an int to Python, and no sum to anybody.
        if type(self.cents) is not int:
            raise TypeError(f"cents are a whole number, not {type(self.cents).__name__}")

    @classmethod
    def of(cls, euros: Decimal | str | int) -> Self:
        """Raises NotMoneyError where it is not a finite number of whole cents."""
        if type(euros) not in (Decimal, str, int):
            raise TypeError(f"a sum is a Decimal, a text or whole euros, not {type(euros).__name__}")
        try:
            cents = Decimal(euros) * _CENTS
            whole = cents.to_integral_value()
        except ArithmeticError as error:
            raise NotMoneyError(f"not a sum: {euros}") from error
        if not cents.is_finite() or whole != cents:
            raise NotMoneyError(f"not whole cents: {euros}")
        return cls(int(whole))

    @classmethod
    def rounded(cls, euros: Decimal, *, rounding: str = ROUND_HALF_UP) -> Self:
        """To the cent, by one of `decimal`'s roundings."""
        return cls(int((euros * _CENTS).to_integral_value(rounding=rounding)))

    @property
    def euros(self) -> Decimal:
        """With its two decimals: what is written, stored and multiplied by a rate."""
        return (Decimal(self.cents) / _CENTS).quantize(Decimal("0.01"))

    def __add__(self, other: Self) -> Self:
        return type(self)(self.cents + other.cents)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.cents - other.cents)

    def __mul__(self, times: int) -> Self:
        return type(self)(self.cents * times)

    __rmul__ = __mul__

    def __neg__(self) -> Self:
        return type(self)(-self.cents)

    def __bool__(self) -> bool:
        return bool(self.cents)

    def __str__(self) -> str:
        return str(self.euros)


ZERO = Money()


def total(sums: Iterable[Money]) -> Money:
    return sum(sums, start=ZERO)

"""The days that the counter may ask about. At its ends the calendar has no neighbour to a day, nor midnight in UTC."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

FIRST, LAST = date(1950, 1, 1), date(2150, 1, 1)


class DayField(forms.DateField):
    """As a browser's calendar sends it, or as a person types it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and not FIRST <= day <= LAST:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


def day_of(text: str, *, today: date) -> date:
    """The day that an address names; today for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if FIRST <= day <= LAST else today

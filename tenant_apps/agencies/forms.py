"""What the last page of a booking or a move posts: nothing that a person types."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tenant_apps.agencies.asked import read_moment
from tenant_apps.agencies.models import Kind


class MomentField(forms.Field):
    """`20260916T0730Z`."""

    def to_python(self, value: Any) -> datetime | None:
        moment = read_moment(str(value or ""))
        if moment is None and value:
            raise ValidationError("", code="invalid")
        return moment


class MoveForm(forms.Form):
    """When, and the number of the form."""

    debut = MomentField()
    form = forms.UUIDField()


class BookingForm(MoveForm):
    """For what, where, when, about what, and the number of the form."""

    motif = forms.ChoiceField(choices=Kind.choices)
    agence = forms.UUIDField()
    objet = forms.UUIDField(required=False)

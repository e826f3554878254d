"""What of the journal is to be shown."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenant_apps.desk.days import DayField
from tenant_apps.desk.journal_wording import CONSULTATIONS, GROUPS
from tenant_apps.journal.selectors import EventFilter

# What is shown to who asks for no period, and the longest that may be asked for.
USUAL, LONGEST = timedelta(days=30), timedelta(days=366)
_DAY = {
    "invalid": _("Écrivez la date ainsi : 21/10/2026."),
}


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class JournalForm(forms.Form):
    """A GET: nothing in it says who somebody is but the opaque id of a file."""

    client = forms.UUIDField(required=False, widget=forms.HiddenInput)
    group = forms.ChoiceField(
        label=_("Événements"),
        required=False,
        choices=[
            ("", _("Tous, sauf lectures")),
            *((code, each.label) for code, each in GROUPS.items()),
        ],
        error_messages={"invalid_choice": _("Choisissez dans la liste.")},
    )
    since = DayField(
        label=_("Du"),
        required=False,
        widget=Day,
        error_messages=_DAY,
    )
    until = DayField(
        label=_("Au"),
        required=False,
        widget=Day,
        error_messages=_DAY,
    )

    def __init__(self, data: Any, *, today: date) -> None:
        self._today = today
        filled = {"until": today.isoformat(), "since": (today - USUAL).isoformat()}
        super().__init__({**filled, **{name: value for name, value in data.items() if value}})

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        since, until = found.get("since"), found.get("until")
        if since and until and since > until:
            raise ValidationError({"since": _("Le début est après la fin : corrigez l’une des deux dates.")})
        if since and until and until - since > LONGEST:
            longest = {"days": LONGEST.days}
            raise ValidationError({"since": _("Choisissez une période de %(days)d jours au plus.") % longest})
        return found

    def wanted(self, *, subjects: frozenset[str] | None) -> EventFilter:
        """Of a valid form; `subjects`: the client's, when one is named."""
        group = GROUPS.get(self.cleaned_data["group"])
        return EventFilter(
            since=_midnight(self.cleaned_data["since"]),
            until=_midnight(self.cleaned_data["until"] + timedelta(days=1)),
            subjects=subjects,
            kinds=group.kinds if group else (),
            without=() if group else CONSULTATIONS,
        )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))

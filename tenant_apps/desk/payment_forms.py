"""The forms of card payments at the counter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenant_apps.desk.days import DayField
from tenant_apps.desk.forms import Choices, ReasonForm
from tenant_apps.desk.reasons import TO_RELEASE

MOST_DAYS = 92
_NO_DAY = _("Une date comme 21/10/2026 est attendue.")
APPLY, REFUND = "apply", "refund"


class HeldForm(ReasonForm):
    """What becomes of a sum that is held, and why."""

    act = forms.ChoiceField(
        label=_("Que faire de cette somme ?"),
        choices=[
            (APPLY, _("L’utiliser comme le client le voulait")),
            (REFUND, _("La rembourser sur la carte qui a payé")),
        ],
        widget=Choices,
        error_messages={
            "required": _("Choisissez ce que devient cette somme."),
            "invalid_choice": _("Choisissez dans la liste."),
        },
    )
    field_order = ("act", "reason", "note")

    def __init__(self, *args: Any, may_apply: bool, **kwargs: Any) -> None:
        super().__init__(*args, reasons=TO_RELEASE, **kwargs)
        if not may_apply:
            field = self.fields["act"]
            field.choices = [each for each in field.choices if each[0] == REFUND]  # type: ignore[attr-defined]  # a ChoiceField, as declared


class SpanForm(forms.Form):
    """From a day to a day, both included."""

    since = DayField(
        label=_("Du"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _NO_DAY, "invalid": _NO_DAY},
    )
    until = DayField(
        label=_("Au"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _NO_DAY, "invalid": _NO_DAY},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and not 0 <= (until - since).days < MOST_DAYS:
            self.add_error(
                "until",
                _("Choisissez un jour qui suit le premier, et %(most)d jours au plus.") % {"most": MOST_DAYS},
            )
        return cleaned

"""The forms of a sale: what the auction brought, and a price that was mistyped."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from guichet.kernel.money import Money
from tenant_apps.desk.forms import ReasonForm
from tenant_apps.desk.pawn_forms import STALE, ActForm, EurosField, day_field
from tenant_apps.desk.reasons import TO_CORRECT_SALE

# So many times the appraisal, or that part of it, is one digit too many or too few: no auction is that far from what
# the auctioneer of the caisse said, but for a find, which somebody then says.
UNLIKELY = 10


def is_unlikely(price: Money, *, appraisal: Money | None) -> bool:
    """Of a contract of ours, whose appraisal is known."""
    if not appraisal:
        return False
    return price >= appraisal * UNLIKELY or price * UNLIKELY <= appraisal


def ask_whether_sure(form: forms.Form) -> None:
    form.add_error("sure", _("Cochez cette case si ce prix est le bon, ou modifiez-le."))


def sure_field() -> forms.BooleanField:
    """Asked for on the check page alone, of a price that looks mistyped."""
    return forms.BooleanField(label=_("Ce prix est le bon"), required=False)


class SaleForm(ActForm):
    sold_on = day_field(_("Jour de la vente"))
    hammer_price = EurosField(label=_("Prix d’adjudication"), help_text=_("Sans les frais de l’acheteur."))
    # The debt that the page showed: another one is shown again before anything is written.
    owed = EurosField(required=False, widget=forms.HiddenInput)
    sure = sure_field()

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_sold_on(self) -> date:
        day: date = self.cleaned_data["sold_on"]
        if day > self.today:
            raise ValidationError(str(_("Une vente s’enregistre une fois faite.")))
        return day


class SaleCorrectionForm(ReasonForm):
    """The price that is right, and why another one was written."""

    operation = forms.UUIDField(
        widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), STALE)
    )
    hammer_price = EurosField(
        label=_("Prix d’adjudication juste"), help_text=_("Sans les frais de l’acheteur.")
    )
    # The price that the check page set beside the right one: another one is shown again before anything is written.
    was = EurosField(required=False, widget=forms.HiddenInput)
    sure = sure_field()
    field_order = ("operation", "hammer_price", "reason", "note", "was", "sure")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, reasons=TO_CORRECT_SALE, initial={"operation": uuid.uuid4()}, **kwargs)

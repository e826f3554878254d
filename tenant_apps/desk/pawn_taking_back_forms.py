"""The form that takes a payment back: why it was a mistake, or that a bank has it back."""

import uuid
from typing import Any

from django import forms

from tenant_apps.desk.forms import ReasonForm
from tenant_apps.desk.pawn_forms import STALE
from tenant_apps.desk.reasons import TO_OWE_AGAIN, TO_TAKE_BACK


class TakeBackForm(ReasonForm):
    """`by_bank`: of a payment by card."""

    operation = forms.UUIDField(
        widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), STALE)
    )
    field_order = ("operation", "reason", "note")

    def __init__(self, *args: Any, by_bank: bool, **kwargs: Any) -> None:
        reasons = TO_OWE_AGAIN if by_bank else TO_TAKE_BACK
        initial = {"operation": uuid.uuid4(), **({"reason": reasons[0]} if by_bank else {})}
        super().__init__(*args, reasons=reasons, initial=initial, **kwargs)

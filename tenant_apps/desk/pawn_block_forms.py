"""The forms that block a contract, lift a block, and take a fee off its debt."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenant_apps.desk.forms import Choices, ReasonForm
from tenant_apps.desk.pawn_forms import STALE
from tenant_apps.desk.pawn_words import BLOCKS
from tenant_apps.desk.reasons import OTHER, TO_WAIVE
from tenant_apps.pawn.domain.possible import BlockKind


class BlockForm(ReasonForm):
    """Which block, why, and whether it begins or ends. `kinds`: with the reasons that each may have."""

    operation = forms.UUIDField(
        widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), STALE)
    )
    kind = forms.ChoiceField(
        label=_("Qu’est-ce qui bloque ?"),
        choices=[*BLOCKS.items()],
        widget=Choices,
        error_messages={
            "required": _("Choisissez ce qui bloque ce contrat."),
            "invalid_choice": _("Choisissez dans la liste."),
        },
    )
    field_order = ("operation", "kind", "reason", "note")

    def __init__(self, *args: Any, kinds: Mapping[BlockKind, tuple[str, ...]], **kwargs: Any) -> None:
        self.kinds = kinds
        offered = dict.fromkeys(code for codes in kinds.values() for code in codes if code != OTHER)
        initial = {"operation": uuid.uuid4(), "kind": self.only}
        super().__init__(*args, reasons=[*offered, OTHER], initial=initial, **kwargs)
        choices = [(kind, BLOCKS[kind]) for kind in kinds]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField, as declared
        if self.only:
            self.fields["kind"].widget = forms.HiddenInput()

    @property
    def only(self) -> str:
        """Where there is nothing to choose."""
        return next(iter(self.kinds)) if len(self.kinds) == 1 else ""

    @property
    def only_label(self) -> Any:
        return BLOCKS[self.only]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind, reason = cleaned.get("kind"), cleaned.get("reason")
        if kind and reason and reason not in self.kinds[BlockKind(kind)]:
            self.add_error("reason", _("Cette raison ne va pas avec ce qui bloque."))
        return cleaned


class WaiveForm(ReasonForm):
    """Which fee is not counted after all, and why."""

    operation = forms.UUIDField(
        widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), STALE)
    )
    fee = forms.ChoiceField(
        label=_("Quels frais ?"),
        widget=Choices,
        error_messages={
            "required": _("Choisissez les frais à retirer."),
            "invalid_choice": _("Ces frais ne sont plus dus : relisez le contrat."),
        },
    )
    field_order = ("operation", "fee", "reason", "note")

    def __init__(self, *args: Any, fees: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, reasons=TO_WAIVE, initial={"operation": uuid.uuid4()}, **kwargs)
        self.fields["fee"].choices = fees  # type: ignore[attr-defined]  # a ChoiceField, as declared

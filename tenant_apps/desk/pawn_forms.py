"""The forms of pawn loans at the counter."""

import re
import uuid
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from guichet.kernel.money import Money
from guichet.kernel.names import visible
from tenant_apps.desk.days import DayField
from tenant_apps.desk.forms import Choices, ReasonForm
from tenant_apps.desk.reasons import TO_GIVE_TIME
from tenant_apps.identity.documents_shown import DOCUMENTS
from tenant_apps.pawn.domain.extra_time import Span
from tenant_apps.pawn.domain.operations import TO_PAY_OUT, Means
from tenant_apps.pawn.wording import MEANS
from tenant_apps.payments.selectors import Disputed
from tenants.policy.current import current_policy

LONGEST_SUM, LONGEST_NAME = 20, 120
_SPACES = re.compile(r"[\s  ’']")
# `Decimal` would read 1e3, 1_000 and the digits of other scripts too: no till shows them so.
_SUM = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?", re.ASCII)
STALE = _("Cette page est trop ancienne : rouvrez-la depuis le contrat.")
_NO_SUM = _("Saisissez une somme en euros, comme 1 234,50.")
NO_WEIGHT = _("Saisissez un poids en grammes, comme 12,40.")
_NO_MEANS = _("Choisissez comment l’argent change de mains.")
_NO_DAY = _("Une date comme 21/10/2026 est attendue.")
NUMERIC = {"autocomplete": "off", "inputmode": "decimal"}


def _decimal(written: str) -> str:
    """`1 234,50 €` as `1234.50`."""
    return _SPACES.sub("", written).removesuffix("€").replace(",", ".")


class EurosField(forms.CharField):
    """A sum as people write it; `Money` once it is clean."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs=dict(NUMERIC)))
        kwargs.setdefault("error_messages", dict.fromkeys(("required", "max_length", "invalid"), _NO_SUM))
        super().__init__(max_length=LONGEST_SUM, **kwargs)

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        if not written:
            return None
        if _SUM.fullmatch(_decimal(written)) is None:
            raise ValidationError(str(self.error_messages["invalid"]))
        return Money.of(_decimal(written))


class WeightField(forms.CharField):
    """Grams as people write them."""

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        if not written:
            return None
        if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,2})?", _decimal(written), re.ASCII) is None:
            raise ValidationError(str(NO_WEIGHT))
        return Decimal(_decimal(written))


def day_field(label: Any) -> forms.DateField:
    return DayField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _NO_DAY, "invalid": _NO_DAY},
    )


def document_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Quelle pièce avez-vous vue ?"),
        choices=[*DOCUMENTS.items()],
        widget=Choices,
        error_messages={
            "required": _("Choisissez la pièce d’identité que vous avez vue."),
            "invalid_choice": _("Choisissez une pièce de la liste."),
        },
    )


def means_field(
    label: Any, *, offered: Sequence[str] = tuple(Means), required: bool = True
) -> forms.ChoiceField:
    """Of what the caisse takes, and of what can be `offered`."""

    def choices() -> list[tuple[str, Any]]:
        taken = current_policy().pawn.counter_means
        return [(each, MEANS[each]) for each in offered if each in taken]

    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=Choices,
        required=required,
        error_messages={
            "required": _NO_MEANS,
            "invalid_choice": _("Choisissez dans la liste."),
        },
    )


class ActForm(forms.Form):
    """An act on a contract: its number is minted with the page, so that it is done once."""

    operation = forms.UUIDField(
        widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), STALE)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args, **{**kwargs, "initial": {"operation": uuid.uuid4(), **kwargs.pop("initial", {})}}
        )


class PaymentForm(ActForm):
    """What is paid at the counter. `what`: `redeem`, `part`, or `prolong-6`."""

    what = forms.ChoiceField(
        label=_("Que paie le client ?"),
        widget=Choices,
        error_messages={
            "required": _("Choisissez ce que le client paie."),
            "invalid_choice": _("Ce choix n’est plus possible : relisez le contrat."),
        },
    )
    amount = EurosField(
        label=_("Somme payée"),
        help_text=_("Pour une partie seulement. Elle paie d’abord les intérêts et les frais."),
        required=False,
    )
    means = means_field(_("Comment paie-t-il ?"), required=False)
    # What the page showed: another price is shown again before anything is written.
    paid = EurosField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, offers: Sequence[tuple[str, str]], free: Collection[str], **kwargs: Any
    ) -> None:
        """`free`: of the offers, those that cost nothing: no means is asked for."""
        super().__init__(*args, **kwargs)
        self.free = free
        self.fields["what"].choices = offers  # type: ignore[attr-defined]  # a ChoiceField, as declared
        if free:
            self.fields["means"].help_text = _("Ne choisissez rien pour ce qui ne coûte rien.")

    def ask_for_means(self) -> None:
        self.add_error("means", _NO_MEANS)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("what") == "part" and not cleaned.get("amount") and "amount" not in self.errors:
            self.add_error("amount", _NO_SUM)
        if cleaned.get("what") not in self.free and not cleaned.get("means") and "means" not in self.errors:
            self.ask_for_means()
        return cleaned


class FetchForm(ActForm):
    """Who came for the objects."""

    name = forms.CharField(
        label=_("Qui vient chercher les objets ?"),
        help_text=_("Prénom et nom, comme sur la pièce d’identité. Ce nom est chiffré."),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Saisissez le nom de la personne qui vient."),
            "max_length": _("Raccourcissez ce nom : %(limit_value)d signes au plus."),
        },
    )
    document = document_field()
    receipt = forms.BooleanField(
        label=_("La personne rend la reconnaissance, et la photo de la pièce lui ressemble"),
        error_messages={"required": _("Cochez cette case quand la reconnaissance est rendue.")},
    )

    agreed = forms.BooleanField(label=_("La comptabilité est d’accord"), required=False)

    def __init__(self, *args: Any, disputes: Sequence[Disputed], **kwargs: Any) -> None:
        """`disputes`: of the payments of the contract; without any, nobody has to agree."""
        super().__init__(*args, **kwargs)
        self.disputes = disputes
        if not disputes:
            del self.fields["agreed"]

    def clean_name(self) -> str:
        return visible(self.cleaned_data["name"])


class AnnounceForm(ActForm):
    """For which day, and who wants the sale."""

    sale_on = day_field(_("Jour de la vente"))
    requested = forms.BooleanField(label=_("Le client a demandé cette vente par écrit"), required=False)


class WithdrawForm(ActForm):
    charged = forms.BooleanField(
        label=_("Compter les frais de retrait du tarif"),
        help_text=_("Ne cochez pas si l’objet n’a pas trouvé d’acheteur."),
        required=False,
    )


class BoniForm(ActForm):
    # The sum that the check page showed: another one is shown again before anything is written.
    left = EurosField(
        required=False,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("max_length", "invalid"), STALE),
    )
    document = document_field()
    means = means_field(_("Comment la somme est-elle remise ?"), offered=TO_PAY_OUT)
    present = forms.BooleanField(
        label=_("La personne est devant moi, et la photo lui ressemble"),
        error_messages={"required": _("Cochez cette case quand la personne est devant vous.")},
    )
    surety = forms.BooleanField(
        label=_("Une caution est donnée"),
        help_text=_("Seulement si la reconnaissance est perdue (CMF D514-11)."),
        required=False,
    )


class ExtraTimeForm(ReasonForm):
    """Until when the director gives more time, and why."""

    operation = forms.UUIDField(
        widget=forms.HiddenInput, error_messages=dict.fromkeys(("required", "invalid"), STALE)
    )
    until = day_field(_("Jusqu’au"))
    director = forms.BooleanField(
        label=_("Le directeur a décidé ce délai"),
        error_messages={"required": _("La loi laisse ce délai au directeur (CMF D514-14).")},
    )
    field_order = ("operation", "until", "reason", "note", "director")

    def __init__(self, *args: Any, bounds: Span, **kwargs: Any) -> None:
        super().__init__(*args, reasons=TO_GIVE_TIME, initial={"operation": uuid.uuid4()}, **kwargs)
        days = {"min": bounds.first.isoformat(), "max": bounds.last.isoformat()}
        self.fields["until"].widget.attrs |= days


class DayForm(forms.Form):
    """A day of the accounts."""

    day = day_field(_("Quel jour ?"))

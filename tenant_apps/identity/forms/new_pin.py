"""A new PIN, twice."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenant_apps.identity.domain.pins import weakness
from tenant_apps.identity.forms.keypad import KeypadForm, pin_field

_WEAK = {
    "alike": _("Tous les chiffres sont les mêmes : ce code est essayé en premier. Choisissez-en un autre."),
    "run": _("Ces chiffres se suivent : ce code est essayé en premier. Choisissez-en un autre."),
    "repeat": _("Ce code répète les mêmes chiffres : il se devine. Choisissez-en un autre."),
    "birth": _("Ce code est une date de naissance : il se devine. Choisissez-en un autre."),
}


class NewPinForm(KeypadForm):
    """Two displays, scrambled apart. `birth_date`: the person's, which a PIN may not be."""

    pin = pin_field(
        label=_("Nouveau code secret"), autocomplete="new-password", required=_("Choisissez un code secret.")
    )
    again = pin_field(
        label=_("Le même code, encore une fois"),
        autocomplete="new-password",
        required=_("Tapez votre code une seconde fois."),
    )
    step = "new-pin"
    pins: tuple[str, ...] = ("pin", "again")

    def __init__(self, *args: Any, birth_date: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.birth_date = birth_date

    def clean(self) -> dict[str, object]:
        typed: dict[str, str] = {}
        for name in self.pins:
            if name not in self.cleaned_data:
                continue
            try:
                typed[name] = self.typed_pin(name)
            except ValidationError as error:
                self.add_error(name, error)
        self.cleaned_data |= typed
        if "pin" in typed and (weak := weakness(typed["pin"], birth_date=self.birth_date)):
            self.add_error("pin", ValidationError(_WEAK[weak], code=weak))
        elif len(typed) == len(self.pins) and typed["pin"] != typed["again"]:
            self.add_error(
                "again", ValidationError(_("Les deux codes ne sont pas les mêmes."), code="differs")
            )
        return self.cleaned_data

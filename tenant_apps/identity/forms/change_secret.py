"""The old secret, then the new one twice."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenant_apps.identity.forms.keypad import pin_field
from tenant_apps.identity.forms.new_password import NewPasswordForm
from tenant_apps.identity.forms.new_pin import NewPinForm
from tenant_apps.identity.forms.sign_in import LONGEST_SECRET


class ChangePasswordForm(NewPasswordForm):
    old = forms.CharField(
        label=_("Mot de passe actuel"),
        strip=False,
        max_length=LONGEST_SECRET,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={
            "required": _("Saisissez votre mot de passe actuel."),
            "max_length": _("Ce mot de passe est trop long."),
            "null_characters_not_allowed": _("Ce mot de passe contient un caractère interdit."),
        },
    )
    field_order = ("old", "password", "again")

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if "password" in cleaned and cleaned.get("old") == cleaned["password"]:
            self.add_error(
                "password",
                ValidationError(_("C’est votre mot de passe actuel. Choisissez-en un autre."), code="same"),
            )
        return cleaned


class ChangePinForm(NewPinForm):
    """Three displays, scrambled apart."""

    old = pin_field(
        label=_("Code secret actuel"),
        autocomplete="current-password",
        required=_("Tapez votre code secret actuel."),
    )
    step = "change-pin"
    pins = ("old", "pin", "again")
    field_order = pins

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if "pin" in cleaned and cleaned.get("old") == cleaned["pin"] and not self.errors:
            self.add_error(
                "pin",
                ValidationError(_("C’est votre code secret actuel. Choisissez-en un autre."), code="same"),
            )
        return cleaned

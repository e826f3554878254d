"""The first connection: what the client types before choosing a secret."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenant_apps.identity.domain.codes import without_spaces
from tenant_apps.identity.forms.sign_in import IdentifierForm


class AskForm(IdentifierForm):
    """The identifier alone."""


class LetterCodeForm(IdentifierForm):
    """The identifier, and the code of the letter with whatever was printed between its groups."""

    code = forms.CharField(
        label=_("Code reçu par courrier"),
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Saisissez le code de la lettre."),
            "max_length": _("Ce code est trop long."),
            "null_characters_not_allowed": _("Ce code contient un caractère qui ne peut pas y être."),
        },
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through to Django as they came
        if self.policy.activation.code.alphabet == "digits":
            self.fields["code"].widget.attrs["inputmode"] = "numeric"

    def clean_code(self) -> str:
        rules = self.policy.activation.code
        code = without_spaces(self.cleaned_data["code"])
        if not code.isascii() or not code.isalnum() or (rules.alphabet == "digits" and not code.isdigit()):
            if rules.alphabet == "digits":
                raise ValidationError(_("Ce code ne contient que des chiffres."), code="characters")
            raise ValidationError(
                _("Ce code ne contient que des lettres et des chiffres."), code="characters"
            )
        if len(code) != rules.length:
            raise ValidationError(
                _("Ce code a %(length)s signes. Vous en avez tapé %(given)s."),
                code="length",
                params={"length": rules.length, "given": len(code)},
            )
        return code

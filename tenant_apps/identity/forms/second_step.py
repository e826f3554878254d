"""The second step: a code that was received or computed, or a PIN."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenant_apps.identity.forms.keypad import KeypadForm, pin_field


class CodeForm(forms.Form):
    """Digits, with the spaces and dashes typed between them dropped. `lengths`: what the page may be given."""

    code = forms.CharField(
        label=_("Code"),
        max_length=32,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "pattern": "[0-9 ]*"}
        ),
        error_messages={
            "required": _("Saisissez le code."),
            "max_length": _("Ce code est trop long."),
            "null_characters_not_allowed": _("Ce code ne contient que des chiffres."),
        },
    )

    def __init__(self, *args: object, lengths: frozenset[int], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through to Django as they came
        self.lengths = lengths

    def clean_code(self) -> str:
        code = "".join(mark for mark in self.cleaned_data["code"] if mark not in " \u00a0\u202f-.")
        if len(code) not in self.lengths or not (code.isascii() and code.isdigit()):
            raise ValidationError(
                _("Le code a %(length)s chiffres."),
                params={"length": _(" ou ").join(str(length) for length in sorted(self.lengths))},
            )
        return code


class PinForm(KeypadForm):
    """The PIN as a second step."""

    code = pin_field(label=_("Code secret"), autocomplete="off", required=_("Tapez votre code secret."))
    step = "second-step"
    pins = ("code",)

    def clean(self) -> dict[str, object]:
        if "code" in self.cleaned_data:
            try:
                self.cleaned_data["code"] = self.typed_pin("code")
            except ValidationError as error:
                self.add_error("code", error)
        return self.cleaned_data

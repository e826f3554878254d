"""The first step: identifier and secret."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tenant_apps.identity.forms.keypad import KeypadForm, pin_field
from tenant_apps.identity.forms.unsaid import unsay
from tenants.policy.document import Policy
from tenants.policy.identifiers import IdentifierRefused, format_of

LONGEST_SECRET = 256
LONGEST_IDENTIFIER = 254


class IdentifierForm(forms.Form):
    """The identifier, cleaned to its normal form, by the policy."""

    identifier = forms.CharField(
        label=_("Identifiant"),
        max_length=LONGEST_IDENTIFIER,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={
            "max_length": _("Cet identifiant est trop long."),
            "null_characters_not_allowed": _("Cet identifiant contient un caractère qui ne peut pas y être."),
        },
    )

    def __init__(self, *args: object, policy: Policy, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through to Django as they came
        self.policy = policy
        language = get_language() or settings.LANGUAGE_CODE
        self.fields["identifier"].label = policy.identifier.label.for_language(language)
        said = {"label": self.fields["identifier"].label}
        self.fields["identifier"].error_messages["required"] = gettext("Remplissez « %(label)s ».") % said
        self.fields["identifier"].help_text = policy.identifier.hint.for_language(language)
        if policy.identifier.kind == "digits":
            self.fields["identifier"].widget.attrs["inputmode"] = "numeric"
        if policy.identifier.kind == "nir":
            unsay(self, name="identifier")

    def clean_identifier(self) -> str:
        try:
            return format_of(self.policy.identifier).normalise(self.cleaned_data["identifier"])
        except IdentifierRefused as error:
            if error.code == "empty":
                raise ValidationError(
                    self.fields["identifier"].error_messages["required"], code="required"
                ) from error
            raise ValidationError(gettext(error.message), code=error.code, params=error.params) from error


class SignInForm(IdentifierForm):
    """Identifier and secret."""

    secret = forms.CharField(
        label=_("Mot de passe"),
        max_length=LONGEST_SECRET,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={
            "required": _("Saisissez votre mot de passe."),
            "max_length": _("Ce mot de passe est trop long."),
            "null_characters_not_allowed": _("Ce mot de passe contient un caractère interdit."),
        },
    )

    @property
    def lacks_secret(self) -> bool:
        """The identifier is one, and nothing was given with it."""
        return "identifier" in self.cleaned_data and self.has_error("secret", "required")


class PinSignInForm(KeypadForm, SignInForm):
    """Identifier and PIN. Whoever watches the screen or the traffic sees positions, not digits."""

    secret = pin_field(
        label=_("Code secret"), autocomplete="current-password", required=_("Tapez votre code secret.")
    )
    step = "sign-in"
    pins = ("secret",)
    spent_by_service = True

    def clean(self) -> dict[str, object]:
        # An identifier to mend costs the display: the page that says so has a new one.
        if "identifier" in self.cleaned_data and "secret" in self.cleaned_data:
            try:
                self.cleaned_data["secret"] = self.typed_pin("secret")
            except ValidationError as error:
                self.add_error("secret", error)
        return self.cleaned_data

"""The first connection: what the client types before choosing a secret."""

from django.utils.translation import gettext_lazy as _

from tenant_apps.identity.forms.codes import cleaned_code, code_field, shape_for
from tenant_apps.identity.forms.sign_in import IdentifierForm


class AskForm(IdentifierForm):
    """The identifier alone."""


class LetterCodeForm(IdentifierForm):
    """The identifier, and the code of the letter with whatever was printed between its groups."""

    code = code_field(label=_("Code reçu par courrier"), required=_("Saisissez le code de la lettre."))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through to Django as they came
        shape_for(self.fields["code"], rules=self.policy.activation.code)

    def clean_code(self) -> str:
        return cleaned_code(self.cleaned_data["code"], rules=self.policy.activation.code)

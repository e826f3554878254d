"""What a way in needs that the file does not hold: the social security number, at a mutual."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tenant_apps.desk.forms import FORBIDDEN, IdentityForm
from tenant_apps.identity.forms.sign_in import LONGEST_IDENTIFIER
from tenant_apps.pawn.products import PRODUCT as PAWN
from tenants.policy.document import Policy
from tenants.policy.formats.nir import with_its_key
from tenants.policy.identifiers import IdentifierRefused, format_of

MEMBERS = "member_space"
TAKEN = _("Un autre dossier a déjà ce numéro : cherchez-le, la personne y est peut-être inscrite.")
_KEY = _("Saisissez aussi la clé, les deux derniers chiffres : elle révèle une faute de frappe.")


def registers(policy: Policy) -> bool:
    """Whether a clerk may open the file of somebody here."""
    return PAWN in policy.products or MEMBERS in policy.products


def is_asked(policy: Policy) -> bool:
    """Whether the file does not hold what this caisse's clients sign in by, and nobody but they can say it."""
    return policy.identifier.kind == "nir"


def opens_at_once(policy: Policy) -> bool:
    """Without waiting for a first contract."""
    return is_asked(policy) or PAWN not in policy.products


def identifier_field(policy: Policy) -> forms.CharField:
    """With its key: whoever types a number wrong would send a stranger's letter, or lock the member out."""
    language = get_language() or settings.LANGUAGE_CODE
    return forms.CharField(
        label=policy.identifier.label.for_language(language),
        help_text=_("Recopiez-le de la carte Vitale, avec sa clé. Il ne sera plus montré."),
        max_length=LONGEST_IDENTIFIER,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Saisissez ce numéro, avec sa clé."),
            "max_length": _("C’est trop long. Saisissez ce numéro, avec sa clé."),
            "null_characters_not_allowed": FORBIDDEN,
        },
    )


def clean_identifier(typed: str, policy: Policy) -> str:
    """In its normal form, which has no key. Raises ValidationError."""
    try:
        identifier = format_of(policy.identifier).normalise(typed)
    except IdentifierRefused as error:
        raise ValidationError(gettext(error.message), code=error.code, params=error.params) from error
    if not with_its_key(typed):
        raise ValidationError(str(_KEY), code="key")
    return identifier


class AccessForm(IdentityForm):
    """The person is there. `identifier`: only where the file does not hold it."""

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policy = policy
        if is_asked(policy):
            self.fields["identifier"] = identifier_field(policy)
            self.order_fields(["document", "present", "identifier", "reason", "note"])

    def clean_identifier(self) -> str:
        return clean_identifier(self.cleaned_data["identifier"], self.policy)

    @property
    def given_identifier(self) -> str:
        """Of a valid form; empty where the file holds it."""
        return str(self.cleaned_data.get("identifier", ""))

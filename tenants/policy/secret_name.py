"""What clients read of their secret: the one word that the policy gives it, on screens and in messages."""

from django.utils.translation import gettext

from tenants.policy.sections.secret import SecretSection


def secret_name(section: SecretSection) -> str:
    """A common noun, masculine in French, that no vowel begins: « votre {secret} », « du {secret} »."""
    return gettext("code secret") if section.kind == "pin" else gettext("mot de passe")

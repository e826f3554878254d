"""An e-mail address and a mobile number, brought to the form in which a file keeps them."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from guichet.kernel.phones import french_mobile

LONGEST_EMAIL = 254


def normal_email(typed: str) -> str:
    """With its domain in small letters. Raises ValidationError."""
    email = typed.strip()
    local, at, domain = email.rpartition("@")
    email = f"{local}{at}{domain.lower()}"
    # The small letter of « İ » is two characters.
    if len(email) > LONGEST_EMAIL:
        raise ValidationError("too long")
    EmailValidator()(email)
    return email


def normal_mobile(typed: str) -> str:
    """In E.164. Raises PhoneRefusedError."""
    return french_mobile(typed, fiction=settings.PHONES_OF_FICTION)

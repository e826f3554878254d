"""Passwords that everybody tries: Django's twenty thousand, and French ones."""

from functools import cache
from pathlib import Path

from django.contrib.auth.password_validation import CommonPasswordValidator

from tenant_apps.identity.domain.passwords import guesses

_FRENCH = Path(__file__).with_name("common_passwords_fr.txt")


def is_common(password: str) -> bool:
    """Also with a year behind it, a capital in front, or a 0 for an o."""
    return not _known().isdisjoint(guess for guess in guesses(password) if guess)


@cache
def _known() -> frozenset[str]:
    """Read once a process."""
    return frozenset(CommonPasswordValidator().passwords) | frozenset(
        _FRENCH.read_text(encoding="utf-8").split()
    )

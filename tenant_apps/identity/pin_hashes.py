"""How a PIN is kept: Argon2id of its keyed digest. Whoever has the table alone cannot try the million PINs."""

from django.contrib.auth.hashers import check_password, make_password

from guichet.tenancy.signing import keyring

PURPOSE = "pin-pepper"


def hash_pin(pin: str) -> str:
    return make_password(peppered(pin))


def pin_matches(pin: str, stored: str) -> bool:
    """One hash."""
    return check_password(peppered(pin), stored)


def peppered(pin: str) -> str:
    """The pepper is the caisse's key, which stands outside the database."""
    return keyring().digest(pin, purpose=PURPOSE)

"""How a PIN is kept: Argon2id of its keyed digest. Whoever has the table alone cannot try the million PINs.

The digest cannot be made again without the PIN, so a hash begins with the mark of its pepper, that of the master key:
while this key is being replaced, a PIN is compared under the pepper of its hash, and hashed anew once it was right.
"""

import re

from django.contrib.auth.hashers import check_password, make_password

from guichet.kernel.sealing import Keyring
from guichet.tenancy.signing import keyring
from tenants.policy.document import Policy

PURPOSE = "pin-pepper"
_MARKED = re.compile(r"(?P<mark>[0-9a-f]{8})\$(?P<hash>.+)", re.DOTALL)


def hash_secret(*, secret: str, policy: Policy) -> str:
    """What is kept of a secret that somebody has chosen."""
    return hash_pin(secret) if policy.secret.kind == "pin" else make_password(secret)


def secret_matches(secret: str, stored: str, *, policy: Policy) -> bool:
    """One hash."""
    if policy.secret.kind == "pin":
        return pin_matches(secret, stored)
    return check_password(secret, stored)


def hash_pin(pin: str) -> str:
    """One hash."""
    ring = keyring()
    return f"{ring.mark}${make_password(_peppered(pin, ring))}"


def pin_matches(pin: str, stored: str) -> bool:
    """One hash."""
    ring, hashed = keyring(), stored
    marked = _MARKED.fullmatch(stored)
    # Without a mark it was made before hashes had one, under the key that has been there longest.
    pepper: Keyring | None = ring.oldest
    if marked:
        pepper, hashed = ring.of_mark(marked["mark"]), marked["hash"]
    if pepper is None:
        # The key is gone: nobody can say whether the PIN is right, and it must take as long to say no.
        make_password(_peppered(pin, ring))
        return False
    return check_password(_peppered(pin, pepper), hashed)


def needs_new_pepper(stored: str) -> bool:
    """Whether it stands under another key than the one that seals."""
    ring, marked = keyring(), _MARKED.fullmatch(stored)
    return (marked["mark"] if marked else ring.oldest.mark) != ring.mark


def pepper_is_changing() -> bool:
    return keyring().is_changing


def _peppered(pin: str, ring: Keyring) -> str:
    return ring.digest(pin, purpose=PURPOSE)

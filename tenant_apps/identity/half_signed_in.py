"""Who has passed a first step, or that nobody has: sealed, and as long in both cases.

With the key goes a mark of the account as it stood. Whatever changes it meanwhile (a secret, a device, an activation
sent again, an act of the agency) makes the half-finished sign-in one of nobody.
"""

import base64

from guichet.tenancy.signing import keyring
from tenant_apps.identity.factors import NOBODY
from tenant_apps.identity.models import User
from tenant_apps.identity.selectors import active_user

PURPOSE = "half-signed-in"
_NO_MARK = "0" * 64


def sealed(user: User | None) -> str:
    """For a half-finished sign-in, or a job that must not tell somebody from nobody."""
    words = f"{user.pk if user else NOBODY:020d}:{_mark(user) if user else _NO_MARK}"
    return base64.urlsafe_b64encode(keyring().seal(words, purpose=PURPOSE)).decode()


def opened(who: str) -> User | None:
    """The user, if the account still stands as it did. One query, for nobody too. Raises SealBrokenError."""
    key, _, mark = keyring().open(base64.urlsafe_b64decode(who), purpose=PURPOSE).partition(":")
    user = active_user(pk=int(key))
    return user if user is not None and keyring().matches(_stands(user), mark, purpose=PURPOSE) else None


def _mark(user: User) -> str:
    return keyring().digest(_stands(user), purpose=PURPOSE)


def _stands(user: User) -> str:
    return f"{user.session_epoch}:{user.password}"

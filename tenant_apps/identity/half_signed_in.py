"""Who has passed a first step, or that nobody has: sealed, and as long in both cases."""

import base64

from guichet.tenancy.signing import keyring
from tenant_apps.identity.factors import NOBODY
from tenant_apps.identity.models import User

PURPOSE = "half-signed-in"


def sealed(user: User | None) -> str:
    """For a half-finished sign-in, or a job that must not tell somebody from nobody."""
    who = keyring().seal(f"{user.pk if user else NOBODY:020d}", purpose=PURPOSE)
    return base64.urlsafe_b64encode(who).decode()


def opened(who: str) -> int:
    """The user's key, or NOBODY. Raises SealBrokenError."""
    return int(keyring().open(base64.urlsafe_b64decode(who), purpose=PURPOSE))

"""What of identity the rotation of keys makes anew, and what only people can."""

from datetime import timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q

from guichet.tenancy.signing import keyring
from tenant_apps.identity.access_codes import lifetime_of
from tenant_apps.identity.models import AccessCode, PinDevice, RecoveryCode, User
from tenant_apps.identity.new_key import bring_under_new_key
from tenant_apps.identity.realms import CLIENTS, STAFF
from tenant_apps.identity.selectors import login_index
from tenant_apps.journal.selectors import key_since
from tenants.policy.current import current_policy


def reindex(user: User, identifier: str) -> None:
    """The index of an identifier that was just sealed anew, and the counter that stands under it."""
    realm = CLIENTS if user.kind == User.Kind.CLIENT else STAFF
    index = login_index(realm=realm, identifier=identifier)
    bring_under_new_key(index=index)
    User.objects.filter(pk=user.pk).update(login_index=str(index))


def count_old_peppers() -> int:
    """PINs whose hash stands under another key: the person's next sign-in makes it anew."""
    counted = PinDevice.objects.exclude(_under_newest("pin_hash")).count()
    if current_policy().secret.kind == "pin":
        pins = User.objects.filter(kind=User.Kind.CLIENT).exclude(
            password__startswith=UNUSABLE_PASSWORD_PREFIX
        )
        counted += pins.exclude(_under_newest("password")).count()
    return counted


def count_old_recovery_codes() -> int:
    """Unused codes on paper of before the newest key: their digests do not say which key made them."""
    since = key_since(mark=keyring().mark)
    if since is None:
        return 0
    return RecoveryCode.objects.filter(used_at=None, created_at__lt=since).count()


def _under_newest(column: str) -> Q:
    ring = keyring()
    marked = Q(**{f"{column}__startswith": f"{ring.mark}$"})
    if ring.oldest.mark != ring.mark:
        return marked
    # Of before hashes had a mark, and the key has not changed since.
    return marked | ~Q(**{f"{column}__regex": r"^[0-9a-f]{8}\$"})


def longest_code() -> timedelta:
    """What was sent and waits for its owner is kept as a digest, which lapses with it."""
    policy = current_policy()
    recoveries = (policy.recovery.lifetime_of(proof) for way in policy.recovery.ways for proof in way)
    return max((*(lifetime_of(kind=kind, policy=policy) for kind in AccessCode.Kind), *recoveries))

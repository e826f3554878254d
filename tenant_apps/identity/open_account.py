"""Give someone a way in."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from guichet.kernel.sealing import every_index
from guichet.tenancy.signing import keyring
from tenant_apps.clients.models import Client
from tenant_apps.identity.counters import clear_account
from tenant_apps.identity.models import SmsDevice, User
from tenant_apps.identity.pin_hashes import hash_secret
from tenant_apps.identity.realms import CLIENTS, STAFF, rules_of
from tenant_apps.identity.selectors import login_index
from tenant_apps.journal.record import record


class IdentifierTakenError(ValueError):
    """Another person of this caisse already signs in with it."""


@transaction.atomic
def open_account(
    *,
    kind: User.Kind,
    identifier: str,
    secret: str | None,
    display_name: str,
    now: datetime,
    client: Client | None = None,
    phone: str = "",
) -> User:
    """`identifier` is in its normal form. Without a secret the account waits for its activation.

    A second run with the same identifier and person changes nothing. Raises IdentifierTakenError.
    """
    realm = CLIENTS if kind == User.Kind.CLIENT else STAFF
    index = login_index(realm=realm, identifier=identifier)
    user = User.objects.filter(login_index__in=every_index(index)).first()
    if user is not None:
        if user.kind != kind or user.client_id != (client.pk if client else None):
            raise IdentifierTakenError
        return user
    user = User.objects.create(
        kind=kind,
        login_index=index,
        identifier_sealed=keyring().seal(identifier, purpose="identifier"),
        client=client,
        display_name=display_name,
        password=hash_secret(secret=secret, policy=rules_of(realm)) if secret else make_password(None),
        created_at=now,
    )
    # Whoever tried this identifier before anyone had it must not have shut the new account.
    clear_account(key=index)
    if phone:
        SmsDevice.objects.create(user=user, name="mobile", phone=phone, confirmed=True)
    record(kind="account.opened", at=now, subject=str(user.uuid))
    return user

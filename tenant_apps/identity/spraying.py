"""One secret tried on many identifiers: no account's counter sees it, so the day's wrong secrets are compared."""

import logging
from datetime import date, datetime

from django.utils import timezone

from guichet.tenancy.signing import keyring
from tenant_apps.identity.models import SecretTried
from tenant_apps.journal.record import record
from tenant_apps.journal.selectors import already_told
from tenants.policy.document import Policy

ALARM = "sign_in.spray_alarm"
# 64 bits: enough to tell the day's secrets apart.
_KEPT = 16
log = logging.getLogger("guichet.security")


def note_wrong_secret(*, index: str, secret: str, policy: Policy, address: str, now: datetime) -> None:
    """Remember the try; raise the alarm, once a day and secret, on as many accounts as the policy says."""
    day = timezone.localdate(now)
    digest = keyring().digest(secret, purpose=f"secret-tried:{day.isoformat()}")[:_KEPT]
    SecretTried.objects.bulk_create([SecretTried(day=day, secret=digest, index=index)], ignore_conflicts=True)
    accounts = SecretTried.objects.filter(day=day, secret=digest).count()
    # Parallel tries may step over the threshold together, and may then raise the alarm twice: rather than never.
    if accounts >= policy.lockout.spray_accounts and not already_told(kind=ALARM, trace=digest):
        record(kind=ALARM, at=now, address=address, accounts=accounts, trace=digest)
        log.warning("one secret was tried on %s accounts", accounts)


def forget_tried_secrets(*, before: date) -> int:
    """How many rows went."""
    gone, _ = SecretTried.objects.filter(day__lt=before).delete()
    return gone

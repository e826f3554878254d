"""New recovery codes in place of those one has, by who is in."""

from datetime import datetime

from django.db import transaction

from tenant_apps.identity.acts import Act
from tenant_apps.identity.models import User
from tenant_apps.identity.passkey_notices import tell_of_new_recovery_codes
from tenant_apps.identity.recovery_codes import make_codes
from tenant_apps.identity.step_up import spend_first
from tenants.policy.document import Policy

RENEW = "codes.renew"


@transaction.atomic
def renew_codes(*, user: User, act: Act, policy: Policy, now: datetime) -> list[str]:
    """As they are read, this once. Raises StepUpNeededError, and nothing has changed."""
    locked = spend_first(user=user, act=act, now=now)
    codes = make_codes(user=locked, policy=policy, now=now)
    tell_of_new_recovery_codes(user=locked, now=now)
    return codes

"""A code that came by post, typed with the identifier.

The order is that of a sign-in: brake on the address, counter of the account, then one look, for a known identifier, an
unknown one and a locked one alike.
"""

from dataclasses import dataclass
from datetime import datetime

from tenant_apps.identity.access_codes import code_is_right, live_code_of
from tenant_apps.identity.counters import count_first_step, give_back_tries
from tenant_apps.identity.mass_closing import note_closing
from tenant_apps.identity.models import AccessCode
from tenant_apps.identity.realms import CLIENTS
from tenant_apps.identity.renewal import REFUSED, kind_for
from tenant_apps.identity.selectors import login_index, user_of_index
from tenant_apps.identity.sign_in import Attempt, not_reached, refused_by
from tenant_apps.identity.sources import address_key
from tenant_apps.identity.spraying import note_wrong_secret
from tenant_apps.journal.record import record
from tenants.policy.document import Policy

LETTER = AccessCode.Kind.LETTER


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAttempt:
    """How a try ended: `code` when it was right."""

    attempt: Attempt
    code: AccessCode | None = None


def try_letter_code(
    *, identifier: str, code: str, policy: Policy, address: str, now: datetime, proven: bool = True
) -> CodeAttempt:
    """`identifier` is in its normal form. A right code opens the next page, and serves there."""
    index, source = login_index(realm=CLIENTS, identifier=identifier), address_key(address=address)
    tries = count_first_step(account=index, address=source, policy=policy, now=now, proven=proven)
    at_account = tries.at_account
    if at_account is None:
        return CodeAttempt(attempt=not_reached(tries, index=index))
    user = user_of_index(index=index)
    waiting = user if user is not None and user.may_activate else None
    found = live_code_of(user=waiting, kind=LETTER, now=now)
    if code_is_right(code=found, kind=LETTER, secret=code) and at_account.open:
        give_back_tries(account={index: at_account}, address=tries.addresses, now=now)
        return CodeAttempt(attempt=Attempt(index=index, user=user), code=found)
    note_wrong_secret(index=index, secret=code, policy=policy, address=address, now=now)
    kind, subject = (kind_for(REFUSED, user=user), str(user.uuid)) if user else (REFUSED, index)
    record(kind=kind, at=now, subject=subject, address=address, why="code")
    note_closing(verdict=at_account, index=index, policy=policy, address=address, now=now)
    return CodeAttempt(attempt=refused_by(at_account, index=index))

"""A code that came by post, typed with the identifier.

The order is that of a sign-in: brake on the address, counter of the account, then one look, for a known identifier, an
unknown one and a locked one alike.
"""

from dataclasses import dataclass
from datetime import datetime

from tenant_apps.identity.access_codes import code_is_right, live_code_of
from tenant_apps.identity.activate import REFUSED
from tenant_apps.identity.counters import (
    address_key,
    count_first_step,
    give_back_tries,
)
from tenant_apps.identity.models import AccessCode
from tenant_apps.identity.realms import CLIENTS
from tenant_apps.identity.selectors import login_index, user_of_index
from tenant_apps.identity.sign_in import Attempt
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
    *, identifier: str, code: str, policy: Policy, address: str, now: datetime
) -> CodeAttempt:
    """`identifier` is in its normal form. A right code opens the next page, and serves there."""
    index, source = login_index(realm=CLIENTS, identifier=identifier), address_key(address=address)
    tries = count_first_step(account=index, address=source, policy=policy, now=now)
    at_account = tries.at_account
    if at_account is None:
        return CodeAttempt(attempt=Attempt(index=index, refused=True, braked_for=tries.at_address.wait))
    user = user_of_index(index=index)
    waiting = user if user is not None and user.may_activate else None
    found = live_code_of(user=waiting, kind=LETTER, now=now)
    if code_is_right(code=found, kind=LETTER, secret=code) and at_account.open:
        give_back_tries(account={index: at_account}, address={source: tries.at_address})
        return CodeAttempt(attempt=Attempt(index=index, user=user), code=found)
    note_wrong_secret(index=index, secret=code, policy=policy, address=address, now=now)
    record(kind=REFUSED, at=now, subject=str(user.uuid) if user else index, address=address, why="code")
    return CodeAttempt(
        attempt=Attempt(
            index=index,
            refused=True,
            wait=at_account.wait,
            agency_only=at_account.agency_only,
            tries_left=at_account.tries_left if at_account.open else 0,
        )
    )

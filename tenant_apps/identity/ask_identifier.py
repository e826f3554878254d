"""A client who forgot the identifier types what the file says; whether it does, only the worker knows."""

from collections.abc import Mapping
from datetime import datetime

from guichet.kernel.numbers import bare
from guichet.tenancy.enqueue import enqueue
from guichet.tenancy.signing import keyring
from tenant_apps.identity.ask_activation import Asked
from tenant_apps.identity.counters import count_address_try, count_request
from tenant_apps.identity.remind_identifier import sealed_request
from tenant_apps.identity.sources import address_key
from tenant_apps.journal.record import record
from tenants.policy.document import Policy

ASKED = "recovery.identifier_asked"


def ask_identifier(
    *, typed: Mapping[str, str], policy: Policy, address: str, now: datetime, proven: bool = True
) -> Asked:
    """`typed` by the names of `identifier_asks`. Nothing is looked up: one job is enqueued for somebody and nobody."""
    source = address_key(address=address)
    tries = count_address_try(key=source, policy=policy, now=now, proven=proven)
    if tries.asks_work:
        return Asked(asks_work=True)
    at_address = tries.at_address
    if not at_address.open:
        return Asked(braked_for=at_address.wait)
    key = keyring().digest(bare(typed["client_number"]), purpose="identifier-asked")
    counted = count_request(key=key, per_day=policy.recovery.requests_per_day, now=now)
    # Past the limit nothing more leaves, and the answer is the usual one: who asks in another's name learns nothing.
    if counted.open:
        record(kind=ASKED, at=now, address=address)
        enqueue("identity.remind_identifier", asked=sealed_request(typed))
    return Asked()

"""Correct the e-mail or the mobile in a client's file, at the counter. The phone that receives codes stays as it is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from guichet.tenancy.signing import keyring
from tenant_apps.clients.change_contact import change_contact
from tenant_apps.clients.models import Client
from tenant_apps.identity.access_codes import end_sent_codes
from tenant_apps.identity.counter_notices import (
    Learns,
    tell_of_corrected_contact,
    who_learns_of_contact,
)
from tenant_apps.identity.end_sessions import end_sessions
from tenant_apps.identity.models import SmsDevice, User
from tenant_apps.identity.replace_phone import FileChangedError
from tenant_apps.journal.record import record
from tenant_apps.messaging.let_lapse import let_lapse
from tenants.policy.current import current_policy

CORRECTED = "account.contact_corrected"
SHOWN = "contact-as-shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What the file is to say; None leaves it as it is, empty takes it out. `mobile` in E.164."""

    email: str | None = None
    mobile: str | None = None


@transaction.atomic
def correct_contact(
    *,
    client: Client,
    user: User,
    contact: Contact,
    seen: str,
    reason: str,
    now: datetime,
    document: str = "",
    by: UUID | None = None,
) -> list[str]:
    """What changed, of « email » and « mobile »: a second run with the same changes and tells nothing.

    `document`, `by`: at the counter alone.

    `seen`: as `contact_as_shown`. Sessions and what was sent to get in end, since it may have gone to somebody else;
    what the file said before is told, and the phone that receives codes. Raises FileChangedError.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    # A colleague may have written it while this one waited for the lock.
    client.refresh_from_db(fields=["email", "mobile"])
    before = {"email": client.email, "mobile": client.mobile}
    after = _after(contact, before)
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return []
    if not keyring().matches(_shown(client), seen, purpose=SHOWN):
        raise FileChangedError
    change_contact(client=client, **after)
    for gone in filter(None, (before[name] for name in changed)):
        # It may be a stranger's, who must not be written to again.
        let_lapse(about=locked.uuid, to=gone, now=now)
    end_sessions(user=locked)
    end_sent_codes(user=locked, now=now)
    at_counter = {"by": str(by), "document": document} if by else {}
    record(kind=CORRECTED, at=now, subject=str(locked.uuid), reason=reason, what=changed, **at_counter)
    tell_of_corrected_contact(
        client=client, user=locked, before=before, phones=_phones(locked), changed=changed, now=now
    )
    return changed


def _after(contact: Contact, before: dict[str, str]) -> dict[str, str]:
    wanted = {"email": contact.email, "mobile": contact.mobile}
    return {name: before[name] if value is None else value for name, value in wanted.items()}


def who_will_learn(*, client: Client, user: User) -> Learns:
    """For who is about to correct it."""
    before = {"email": client.email, "mobile": client.mobile}
    return who_learns_of_contact(client=client, before=before, phones=_phones(user), policy=current_policy())


def contact_as_shown(*, client: Client) -> str:
    """What the page carries of the e-mail and the mobile in the file."""
    return keyring().digest(_shown(client), purpose=SHOWN)


def _phones(user: User) -> list[str]:
    return list(SmsDevice.objects.filter(user=user, confirmed=True).values_list("phone", flat=True))


def _shown(client: Client) -> str:
    return f"{client.pk}:{client.mobile}:{client.email}"

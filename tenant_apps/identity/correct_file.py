"""Write what the caisse's own system says in a client's file, beside the e-mail and the mobile.

A letter that was on its way to another address must open nothing: somebody else may open it.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from tenant_apps.clients.change_file import change_file
from tenant_apps.clients.models import Client
from tenant_apps.identity.access_codes import end_sent_letters
from tenant_apps.identity.models import User
from tenant_apps.identity.recoveries import end_recoveries
from tenant_apps.journal.record import record
from tenant_apps.messaging.letters_waiting import replace_letters

CHANGED = "client.file_changed"


@transaction.atomic
def correct_file(
    *, client: Client, user: User | None, details: dict[str, Any], reason: str, now: datetime
) -> list[str]:
    """What changed, as `change_file` says; `details` are its own. A second run changes and tells nothing."""
    changed = change_file(client=client, **details)
    if not changed:
        return []
    if user is not None and "address" in changed:
        locked = User.objects.select_for_update().get(pk=user.pk)
        end_sent_letters(user=locked, now=now)
        end_recoveries(user=locked, now=now)
        for kind in ("activation_letter", "recovery_code"):
            replace_letters(kind=kind, about=locked.uuid)
    subject = user.uuid if user else client.uuid
    record(kind=CHANGED, at=now, subject=str(subject), reason=reason, what=changed)
    return changed

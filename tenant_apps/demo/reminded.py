"""What the clients of the demo were told of their loans while these were carried on, day by day, in the past."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from tenant_apps.pawn.domain.reminders import Told
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.remind import due_to_tell
from tenant_apps.pawn.services.note_notice import is_charged, note_notice
from tenant_apps.pawn.tell import channel_for
from tenants.policy.current import current_policy

AWAKE = time(11)
A_DAY = timedelta(days=1)


def note_reminders(*, contract: Contract, since: date, until: date) -> None:
    """From the one day to the eve of the other, when nothing else happened: what the job of each day would have told,
    by the way that it would have taken. Its words are in no outbox: nothing leaves now that left then.
    """
    found = (
        Contract.objects.select_related("client", "tariff", "sale__operation")
        .prefetch_related("operations", "notices")
        .get(pk=contract.pk)
    )
    policy, told = current_policy(), {(each.kind, each.about) for each in found.notices.all()}
    for day in (since + A_DAY * number for number in range((until - since).days)):
        for each in due_to_tell(contract=found, on=day, policy=policy):
            if (each.kind, each.about) not in told:
                told.add((each.kind, each.about))
                _note(found, each, day)


def _note(contract: Contract, told: Told, on: date) -> None:
    if channel := channel_for(contract=contract, kind=told.kind):
        note_notice(
            contract=contract,
            kind=told.kind,
            about=told.about,
            channel=channel,
            message=None,
            charged=is_charged(channel=channel),
            on=on,
            now=timezone.make_aware(datetime.combine(on, AWAKE)),
        )

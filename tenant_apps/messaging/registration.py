"""What the outbox does by the clock, and what it counts."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenant_apps.messaging.models import Message
from tenant_apps.messaging.queue_message import note_recipient
from tenant_apps.messaging.rendering import PURPOSE
from tenant_apps.messaging.selectors import (
    count_late_messages,
    count_open_messages,
    count_undelivered,
    late_since,
    sms_kept_back,
    sms_of_day,
)
from tenants.jobs.clock import each_minute
from tenants.keys.registry import SealedColumn, register_sealed
from tenants.reports.figures import RECENT, Figure, register_figure

each_minute("messaging.sweep")
register_sealed(SealedColumn(model=Message, column="sealed", purpose=PURPOSE, also=note_recipient))
for figure in (
    Figure(
        name="messages_lost",
        label=_("Messages récents qui ne sont pas arrivés"),
        column=_("Messages non arrivés"),
        position=40,
        of=lambda now: count_undelivered(since=now - RECENT).lost,
    ),
    Figure(
        name="messages_never_left",
        label=_("— parmi eux, jamais partis"),
        position=41,
        of=lambda now: count_undelivered(since=now - RECENT).never_left,
    ),
    Figure(
        name="messages_returned",
        label=_("— parmi eux, partis puis revenus"),
        position=42,
        of=lambda now: count_undelivered(since=now - RECENT).returned,
    ),
    Figure(
        name="messages_settled",
        label=_("— parmi eux, déjà traités par l’agence"),
        position=43,
        of=lambda now: count_undelivered(since=now - RECENT).settled,
    ),
    Figure(
        name="messages_open",
        label=_("Messages non arrivés que l’agence doit traiter, récents ou non"),
        position=44,
        of=lambda now: count_open_messages(until=now),
    ),
    Figure(
        name="messages_late",
        label=_("Messages qui devraient être partis"),
        position=50,
        of=lambda now: count_late_messages(now=now),
    ),
    Figure(
        name="messages_late_since",
        label=_("Le plus ancien attend depuis"),
        position=51,
        of=lambda now: late_since(now=now),
    ),
    Figure(
        name="sms_today",
        label=_("SMS envoyés aujourd’hui"),
        position=52,
        of=lambda now: sms_of_day(day=timezone.localdate(now)).sent,
    ),
    Figure(
        name="sms_kept_back_today",
        label=_("SMS retenus aujourd’hui, au-delà de la limite de la caisse"),
        position=53,
        of=lambda now: sms_kept_back(day=timezone.localdate(now)),
    ),
):
    register_figure(figure)

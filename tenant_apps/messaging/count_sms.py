"""The SMS of a day, which cost: no more than the policy of the caisse says."""

import logging
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from tenant_apps.messaging.models import SmsDay
from tenant_apps.messaging.selectors import sms_of_day
from tenants.policy.current import current_policy

log = logging.getLogger(__name__)


def count_sms(*, now: datetime) -> bool:
    """Whether one more may leave on this day, and counts it. In the caller's transaction.

    One statement decides between workers: of two at the limit, one gets the last.
    """
    day, most = timezone.localdate(now), current_policy().senders.sms_per_day
    SmsDay.objects.bulk_create([SmsDay(day=day)], ignore_conflicts=True)
    if SmsDay.objects.filter(day=day, sent__lt=most).update(sent=F("sent") + 1):
        return True
    SmsDay.objects.filter(day=day).update(kept_back=F("kept_back") + 1)
    # Once a day: a line and a report for each would hide the others.
    if SmsDay.objects.filter(day=day, kept_back=1).exists():
        log.error(
            "the caisse has sent the %s SMS that its policy allows a day: the others are kept back", most
        )
    return False


def sms_are_spent(*, now: datetime) -> bool:
    """Whether none leaves any more today. The same for whoever asks. One query."""
    return sms_of_day(day=timezone.localdate(now)).sent >= current_policy().senders.sms_per_day

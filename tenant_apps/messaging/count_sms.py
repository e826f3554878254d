"""The SMS of a day, which cost: no more than the policy of the caisse says.

What anybody may ask for by typing an identifier has a share of them and no more: strangers cannot spend the codes of
those who sign in.
"""

import logging
from datetime import date, datetime

from django.db.models import F
from django.utils import timezone

from tenant_apps.messaging.models import SmsDay
from tenant_apps.messaging.selectors import sms_of_day
from tenants.policy.current import current_policy

log = logging.getLogger(__name__)


def count_sms(*, now: datetime, by_anybody: bool = False) -> bool:
    """Whether one more may leave on this day, and counts it. In the caller's transaction.

    `by_anybody`: nobody has signed in to ask for it. One statement decides between workers: of two at the limit, one
    gets the last.
    """
    day, senders = timezone.localdate(now), current_policy().senders
    most, share = senders.sms_per_day, senders.sms_asked_per_day
    SmsDay.objects.bulk_create([SmsDay(day=day)], ignore_conflicts=True)
    room = SmsDay.objects.filter(day=day, sent__lt=most)
    if by_anybody:
        if room.filter(asked__lt=share).update(sent=F("sent") + 1, asked=F("asked") + 1):
            _tell_of_half(day=day, share=share)
            return True
        if room.update(asked_kept_back=F("asked_kept_back") + 1):
            _tell_of_share(day=day, share=share)
            return False
    elif room.update(sent=F("sent") + 1):
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


def _tell_of_half(*, day: date, share: int) -> None:
    """Once: the row was locked by whoever counted, so each count is seen by one of them."""
    half = (share + 1) // 2
    if SmsDay.objects.filter(day=day, asked=half).exists():
        log.error(
            "half of the %s SMS a day that anybody may ask for without signing in are spent: strangers may be asking",
            share,
        )


def _tell_of_share(*, day: date, share: int) -> None:
    """Once a day, as above."""
    if SmsDay.objects.filter(day=day, asked_kept_back=1).exists():
        log.error(
            "the %s SMS a day that anybody may ask for without signing in are spent: the others are kept back",
            share,
        )

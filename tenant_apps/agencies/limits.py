"""That nobody holds the whole diary: by many bookings, by hours that serve nobody, or by changing for ever."""

from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from tenant_apps.agencies.domain.limits import Taken
from tenant_apps.agencies.models import Appointment, AppointmentRules, Submission
from tenant_apps.agencies.refusals import AppointmentRefusedError, Why
from tenant_apps.agencies.selectors import appointment_rules
from tenant_apps.clients.models import Client

A_DAY = timedelta(days=1)
State = Appointment.State


def refuse_over_the_limit(*, client: Client, now: datetime) -> None:
    """Of a client who books: whose row the caller has locked, so that twenty at once are counted one by one.

    Raises AppointmentRefusedError.
    """
    rules = appointment_rules()
    why = "too_many" if rules is None else _over(client, rules, now)
    if why:
        raise AppointmentRefusedError(why)


def refuse_too_many_changes(*, client: Client, now: datetime) -> None:
    """Of a client who moves. As `refuse_over_the_limit`."""
    rules = appointment_rules()
    if rules is None or _changes(client, now) >= rules.changes_a_day:
        raise AppointmentRefusedError("too_often")


def why_not_book(*, client: Client, now: datetime) -> Why | None:
    """What a screen says beforehand: the service decides anew. Three queries."""
    rules = appointment_rules()
    return _over(client, rules, now) if rules else None


def _over(client: Client, rules: AppointmentRules, now: datetime) -> Why | None:
    taken = _taken(client, rules, now)
    if taken.lapses >= rules.missed_at_most:
        return "too_many_missed"
    if taken.ahead >= rules.open_at_once:
        return "too_many"
    return "too_often" if taken.changes >= rules.changes_a_day else None


def _taken(client: Client, rules: AppointmentRules, now: datetime) -> Taken:
    since = now - rules.missed_within
    lately = Appointment.objects.filter(client=client, starts_at__gt=since)
    lost = Q(state=State.MISSED) | Q(cancelled_late=True)
    counted = lately.aggregate(
        ahead=Count("id", filter=Q(state=State.BOOKED, ends_at__gt=now)),
        lost=Count("id", filter=lost),
        moved_late=Coalesce(Sum("moved_late"), 0),
    )
    lapses = counted["lost"] + counted["moved_late"]
    return Taken(ahead=counted["ahead"], lapses=lapses, changes=_changes(client, now))


def _changes(client: Client, now: datetime) -> int:
    return Submission.objects.filter(client=client, at__gt=now - A_DAY).count()

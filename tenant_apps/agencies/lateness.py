"""Until when a client changes an appointment, by the rules of the caisse."""

from datetime import datetime

from tenant_apps.agencies.domain.delays import is_late
from tenant_apps.agencies.models import Appointment, AppointmentRules
from tenant_apps.agencies.refusals import AppointmentRefusedError
from tenant_apps.agencies.selectors import appointment_rules


def refuse_what_is_over(*, appointment: Appointment, now: datetime) -> None:
    """Raises AppointmentRefusedError."""
    if appointment.state != Appointment.State.BOOKED or appointment.starts_at <= now:
        raise AppointmentRefusedError("over")


def refused_or_late(*, appointment: Appointment, now: datetime) -> bool:
    """Whether the client changes it late. Raises AppointmentRefusedError where the agency alone may then."""
    rules = appointment_rules()
    late = stands_late(appointment=appointment, rules=rules, now=now)
    if late and rules is not None and rules.late == AppointmentRules.Late.AGENCY:
        raise AppointmentRefusedError("late")
    return late


def stands_late(*, appointment: Appointment, rules: AppointmentRules | None, now: datetime) -> bool:
    return rules is not None and is_late(
        starts_at=appointment.starts_at, now=now, late_after=rules.late_after
    )


def may_change(*, appointment: Appointment, rules: AppointmentRules | None, now: datetime) -> bool:
    """What a screen offers the client: the services decide anew."""
    if appointment.state != Appointment.State.BOOKED or appointment.starts_at <= now:
        return False
    by_agency = rules is not None and rules.late == AppointmentRules.Late.AGENCY
    return not (by_agency and stands_late(appointment=appointment, rules=rules, now=now))

"""The lines of a day at an agency."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tenant_apps.agencies.domain.opening import Opening
from tenant_apps.agencies.models import Appointment
from tenant_apps.agencies.note_presence import may_be_noted
from tenant_apps.agencies.presentation import AppointmentView
from tenant_apps.agencies.stranded import is_stranded
from tenant_apps.desk.presentation import State


@dataclass(frozen=True, slots=True)
class DayLine:
    """One appointment, and what can be done with it now."""

    view: AppointmentView
    state: State
    can_have_come: bool
    can_have_missed: bool
    can_change: bool
    # The hours have changed since it was booked: nobody will be there.
    is_stranded: bool


def day_lines(*, views: Iterable[AppointmentView], opening: Opening, now: datetime) -> list[DayLine]:
    """`opening`: of the agency, on that day."""
    return [_line(view, opening, now) for view in views]


def _line(view: AppointmentView, opening: Opening, now: datetime) -> DayLine:
    row, states = view.appointment, Appointment.State
    counts = row.state != states.CANCELLED
    came, missed = (may_be_noted(appointment=row, came=each, now=now) for each in (True, False))
    return DayLine(
        view=view,
        state=State(*view.state),
        can_have_come=counts and came and row.state != states.KEPT,
        can_have_missed=counts and missed and row.state != states.MISSED,
        can_change=row.state == states.BOOKED and row.starts_at > now,
        is_stranded=view.is_ahead and is_stranded(appointment=row, opening=opening),
    )

"""Appointments: clients and staff book, move, cancel, and somebody does not come."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from tenant_apps.agencies.book_appointment import book_appointment
from tenant_apps.agencies.calendar import calendar_of
from tenant_apps.agencies.cancel_appointment import cancel_by_agency, cancel_by_client
from tenant_apps.agencies.models import Agency, Appointment, Kind
from tenant_apps.agencies.move_appointment import move_appointment
from tenant_apps.agencies.note_presence import note_presence
from tenant_apps.clients.models import Client
from tests.simulation.plans import NOTHING, BrokenPromiseError, Plan
from tests.simulation.towns import AGENCY, Town

if TYPE_CHECKING:
    from tests.simulation.scene import Scene

KINDS = (Kind.REDEEM, Kind.OTHER, Kind.APPRAISAL)
STAFF, AGAIN, STRANGE = 0.25, 0.15, 0.1
NEAR = 6
"""How many of the next free hours people choose from, so that they meet."""
State = Appointment.State
RULES = AGENCY.rules


def book(scene: "Scene", town: Town) -> Plan:
    kind = scene.chance.choice(KINDS)
    starts_at = hour_for(scene, kind)
    if starts_at is None:
        return NOTHING
    by = town.staff if scene.chance.happens(STAFF) else None
    return booking(scene, scene.chance.choice(town.clients), kind, starts_at, by=by)


def booking(
    scene: "Scene", client: Client, kind: str, starts_at: datetime, *, by: UUID | None = None
) -> Plan:
    asked: dict[str, Any] = {
        "client": client,
        "purpose": kind,
        "agency": Agency.objects.get(),
        "starts_at": starts_at,
        "form": uuid4(),
        "by": by,
    }
    again = scene.chance.happens(AGAIN)

    def act() -> str:
        made = book_appointment(**asked, now=scene.clock.now)
        if by is None:
            _within_the_rules(client, scene.clock.now)
        if again and book_appointment(**asked, now=scene.clock.now).pk != made.pk:
            raise BrokenPromiseError("the same form booked twice")
        return "booked"

    who = "the agency, for" if by else ""
    return Plan(f"{who} {client.number} books {kind} on {starts_at:%d/%m %H:%M}".strip(), act)


def _within_the_rules(client: Client, now: datetime) -> None:
    """Counted one by one, otherwise than the service counts. Raises BrokenPromiseError."""
    mine = list(Appointment.objects.filter(client=client))
    ahead = [each for each in mine if each.state == State.BOOKED and each.ends_at > now]
    lost = [each for each in mine if each.starts_at > now - RULES.missed_within]
    lapses = sum(int(each.state == State.MISSED or each.cancelled_late) + each.moved_late for each in lost)
    if len(ahead) > RULES.open_at_once or lapses >= RULES.missed_at_most:
        raise BrokenPromiseError(
            f"{client.number} booked with {len(ahead)} ahead and {lapses} that served nobody"
        )


def move(scene: "Scene", town: Town) -> Plan:
    appointment = _one(scene, State.BOOKED)
    starts_at = hour_for(scene, appointment.kind) if appointment else None
    if appointment is None or starts_at is None:
        return NOTHING
    by = town.staff if scene.chance.happens(STAFF) else None
    asked: dict[str, Any] = {"client": appointment.client, "uuid": appointment.uuid, "form": uuid4()}

    def act() -> str:
        moved = move_appointment(**asked, starts_at=starts_at, by=by, now=scene.clock.now)
        again = move_appointment(**asked, starts_at=starts_at, by=by, now=scene.clock.now)
        if again.moves != moved.moves:
            raise BrokenPromiseError("the same form moved twice")
        return "moved"

    return Plan(f"appointment {appointment.pk} moves to {starts_at:%d/%m %H:%M}", act)


def cancel(scene: "Scene", town: Town) -> Plan:
    appointment = _one(scene, State.BOOKED, State.CANCELLED)
    if appointment is None:
        return NOTHING
    by_agency = scene.chance.happens(STAFF)

    def act() -> str:
        uuid, now = appointment.uuid, scene.clock.now
        if by_agency:
            done = cancel_by_agency(uuid=uuid, reason="agency_closed", words="", by=town.staff, now=now)
        else:
            done = cancel_by_client(client=appointment.client, uuid=uuid, now=now)
        return "cancelled" if done else "it was already"

    return Plan(
        f"appointment {appointment.pk} is cancelled by {'the agency' if by_agency else 'its client'}", act
    )


def note(scene: "Scene", town: Town) -> Plan:
    """Whether somebody came; now and then before the hour, or mended afterwards."""
    appointment = _one(scene, State.BOOKED, State.KEPT, State.MISSED)
    if appointment is None:
        return NOTHING
    came = scene.chance.happens(0.5)

    def act() -> str:
        note_presence(uuid=appointment.uuid, came=came, by=town.staff, now=scene.clock.now)
        return "noted"

    return Plan(f"appointment {appointment.pk}: {'came' if came else 'did not come'}", act)


def _one(scene: "Scene", *states: str) -> Appointment | None:
    """Of the latest: those of long ago are over."""
    found = list(
        Appointment.objects.filter(state__in=states)
        .select_related("client")
        .order_by("-starts_at", "-id")[:12]
    )
    return scene.chance.choice(found) if found else None


def hour_for(scene: "Scene", kind: str) -> datetime | None:
    """Mostly free; now and then one that is taken, or that nobody offers."""
    calendar = calendar_of(agency=Agency.objects.get(), kind=kind, now=scene.clock.now, at_counter=True)
    free = calendar.free(first=calendar.today, last=calendar.last_day)[:NEAR]
    if not free:
        return None
    starts_at = scene.chance.choice(free).starts_at
    if scene.chance.happens(STRANGE):
        starts_at += timedelta(minutes=scene.chance.choice([-60, 1, 15, 600]))
    return starts_at

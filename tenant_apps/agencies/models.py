"""Agencies, as the caisse's file has them, and the appointments of its clients."""

import uuid

from django.db import models
from django.db.models import F, Q

from tenant_apps.agencies.domain.limits import CHANGES_A_DAY, MISSED_AT_MOST, MISSED_WITHIN
from tenant_apps.clients.models import Client


class Kind(models.TextChoices):
    """What an appointment is for."""

    BRING = "bring"
    REDEEM = "redeem"
    APPRAISAL = "appraisal"
    OTHER = "other"


class AppointmentRules(models.Model):
    """What holds in all agencies: one row at most."""

    class Late(models.TextChoices):
        ACCEPTED = "accepted"
        AGENCY = "agency"

    only = models.BooleanField(default=True, unique=True, editable=False)
    open_at_once = models.PositiveSmallIntegerField()
    late_after = models.DurationField()
    late = models.CharField(max_length=8, choices=Late.choices)
    # So many hours that served nobody, within so long: the client books by the agency alone.
    missed_at_most = models.PositiveSmallIntegerField(default=MISSED_AT_MOST)
    missed_within = models.DurationField(default=MISSED_WITHIN)
    changes_a_day = models.PositiveSmallIntegerField(default=CHANGES_A_DAY)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(only=True), name="one_row_of_appointment_rules"),
            models.CheckConstraint(condition=Q(open_at_once__gte=1), name="an_appointment_is_allowed"),
        ]


class Agency(models.Model):
    """A counter of the caisse. One that closes for good stays, for the appointments that it had."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=300)
    phone = models.CharField(max_length=30, blank=True)
    # Empty: those of all of France; else a department or a territory that has more of them.
    public_holidays = models.CharField(max_length=8, blank=True)
    position = models.PositiveSmallIntegerField()
    is_open = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["position", "id"], name="agency_position")]


class Timetable(models.Model):
    """The hours that hold from a day on."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="timetables")
    starts_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "starts_on"], name="one_timetable_from_a_day"),
        ]


class OpeningRange(models.Model):
    """One range of one weekday, Monday being 0."""

    timetable = models.ForeignKey(Timetable, on_delete=models.CASCADE, related_name="ranges")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="a_week_has_seven_days"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="closes_after_opening"),
            models.UniqueConstraint(fields=["timetable", "weekday", "opens"], name="one_range_from_an_hour"),
        ]


class Closure(models.Model):
    """Days without opening, the last one included."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="closures")
    first = models.DateField()
    last = models.DateField()
    reason_fr = models.CharField(max_length=400)
    reason_en = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="a_closure_lasts_a_day"),
        ]


class Resource(models.Model):
    """A counter or a room. One that is taken away stays, for the appointments that it had."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="resources")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    capacity = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    in_use = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "code"], name="one_resource_a_code"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="a_resource_receives_somebody"),
        ]


class Purpose(models.Model):
    """How an agency receives for a purpose."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="purposes")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    duration = models.DurationField()
    notice = models.DurationField()
    days_ahead = models.PositiveSmallIntegerField()
    resources = models.ManyToManyField(Resource, related_name="purposes")
    # One thing a line.
    bring_fr = models.TextField(blank=True)
    bring_en = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "kind"], name="one_purpose_of_a_kind")]


class Appointment(models.Model):
    """Somebody is expected."""

    class State(models.TextChoices):
        BOOKED = "booked"
        CANCELLED = "cancelled"
        # The client came, or did not.
        KEPT = "kept"
        MISSED = "missed"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="appointments")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="appointments")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="appointments")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    # What it is about, as the product that registered the kind knows it (`subjects`).
    about = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.BOOKED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    booked_at = models.DateTimeField()
    # When it was booked, or moved last; how often it was, for the calendars that keep a copy.
    settled_at = models.DateTimeField()
    moves = models.PositiveSmallIntegerField(default=0)
    # How often the client moved it so late that the hour it had served nobody.
    moved_late = models.PositiveSmallIntegerField(default=0, db_default=0)
    cancelled_at = models.DateTimeField(null=True)
    # By the agency: a code of `wording.CANCEL_REASONS`, and words for the client. By the client: nothing.
    cancel_reason = models.CharField(max_length=20, blank=True)
    cancel_note = models.CharField(max_length=200, blank=True)
    cancelled_late = models.BooleanField(default=False)
    # The beginning that the client was reminded of: a reminder leaves once, and anew after a move.
    reminded_of = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="an_appointment_lasts"),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_at__isnull=False)
                | (~Q(state="cancelled") & Q(cancelled_at__isnull=True)),
                name="cancelled_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "starts_at"], name="appointment_of_client"),
            models.Index(fields=["agency", "starts_at"], name="appointment_of_agency"),
            models.Index(fields=["starts_at"], condition=Q(state="booked"), name="appointment_expected"),
        ]


class Hold(models.Model):
    """One seat for one step (`domain.slots`) of an appointment.

    The constraint is what forbids a double booking, whatever two requests believed: no seat is held twice for a step.
    """

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="holds")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="holds")
    seat = models.PositiveSmallIntegerField()
    step = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resource", "seat", "step"], name="one_client_a_seat"),
        ]


class Submission(models.Model):
    """A form that was acted upon, by the number that it was born with: posted again, it does nothing new."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="appointment_forms")
    form = models.UUIDField()
    # Of what was asked for: the same number with another content is refused.
    content = models.CharField(max_length=64)
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="submissions")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "form"], name="a_form_acts_once")]

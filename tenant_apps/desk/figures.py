"""What the console counts of the agency's day, each caisse of itself (docs/adr/0010): numbers, never a person."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenant_apps.agencies.models import Appointment
from tenant_apps.pawn.domain.states import State
from tenant_apps.pawn.domain.tariffs.usury import period_on
from tenant_apps.pawn.selectors import count_contracts
from tenant_apps.payments.domain.states import CAPTURED
from tenant_apps.payments.models import Payment
from tenant_apps.payments.selectors import span_of, uncompared
from tenants.reports.figures import Figure

A_WEEK = timedelta(days=7)
AHEAD = timedelta(days=14)


def count_captured(*, now: datetime) -> int:
    """Of the day in Paris, until now."""
    span = span_of(day=timezone.localdate(now))
    return Payment.objects.filter(
        state__in=CAPTURED, captured_at__gte=span.begins, captured_at__lt=span.ends
    ).count()


def count_to_reconcile(*, now: datetime) -> int:
    """Captured on a day that is over and has no report, however long ago. One query."""
    return uncompared(before=timezone.localdate(now)).count()


def count_appointments(*, now: datetime) -> int:
    """Booked for the seven days to come."""
    coming = Appointment.objects.filter(starts_at__gte=now, starts_at__lt=now + A_WEEK)
    return coming.filter(state=Appointment.State.BOOKED).count()


def count_unknown_ceilings(*, on: date) -> int:
    """Of the day and of two weeks later: a quarter's are published on its eve, and must be added by then."""
    return sum(period_on(day) is None for day in (on, on + AHEAD))


FIGURES = (
    Figure(
        name="pawn_running",
        label=_("Contrats de prêt sur gage en cours"),
        position=70,
        of=lambda _now: count_contracts(states=(State.RUNNING,)),
    ),
    Figure(
        name="pawn_due",
        label=_("Contrats échus, délai de grâce compris"),
        position=71,
        of=lambda _now: count_contracts(states=(State.DUE, State.IN_GRACE)),
    ),
    Figure(
        name="pawn_announced",
        label=_("Contrats dont la vente est annoncée"),
        position=72,
        of=lambda _now: count_contracts(states=(State.FOR_SALE,)),
    ),
    Figure(
        name="usury_missing",
        label=_("Seuils de l’usure pas encore connus, pour ce jour et bientôt"),
        position=73,
        of=lambda now: count_unknown_ceilings(on=timezone.localdate(now)),
    ),
    Figure(
        name="payments_captured",
        label=_("Paiements par carte reçus aujourd’hui"),
        position=80,
        of=lambda now: count_captured(now=now),
    ),
    Figure(
        name="payments_to_reconcile",
        label=_("Paiements qui ne sont pas encore rapprochés"),
        position=84,
        of=lambda now: count_to_reconcile(now=now),
    ),
    Figure(
        name="appointments_coming",
        label=_("Rendez-vous de la semaine à venir"),
        position=90,
        of=lambda now: count_appointments(now=now),
    ),
)

"""Whatever the day and the hour at which a demonstration begins, somebody was expected, and may be noted as missed as
soon as the day is as old as an appointment is long.
"""

from datetime import UTC, datetime

import pytest
from django_tenants.utils import tenant_context

from tenant_apps.agencies.models import Appointment
from tenant_apps.agencies.note_presence import may_be_noted
from tenant_apps.clients.register_client import register_client
from tenant_apps.demo.expected_today import load_expected
from tenants.models import Caisse
from tests.agencies.agenda import set_up


@pytest.mark.parametrize(
    ("now", "over"),
    [
        pytest.param(datetime(2026, 9, 14, 9, 20, tzinfo=UTC), True, id="a Monday morning"),
        pytest.param(datetime(2026, 9, 14, 20, 5, tzinfo=UTC), True, id="a Monday evening"),
        pytest.param(datetime(2026, 9, 13, 10, 0, tzinfo=UTC), True, id="a Sunday"),
        pytest.param(datetime(2026, 9, 13, 22, 3, tzinfo=UTC), False, id="just after midnight"),
    ],
)
def test_somebody_was_expected_today(alpha: Caisse, beta: Caisse, now: datetime, *, over: bool) -> None:
    set_up(alpha)
    with tenant_context(alpha):
        register_client(
            number="C-21102",
            title="none",
            first_name="Alix",
            last_name="Pradal",
            birth_date=None,
            email="",
            mobile="",
        )
        load_expected(schema="nimes", now=now)
        load_expected(schema="nimes", now=now)
        found = Appointment.objects.get(client__number="C-21102")
        assert may_be_noted(appointment=found, came=False, now=now) is over
        assert may_be_noted(appointment=found, came=True, now=now)
        load_expected(schema="nowhere", now=now)
    with tenant_context(beta):
        assert not Appointment.objects.exists()

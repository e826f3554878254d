"""A worker that is killed in the middle of a capture: after another one has run, the same end as without."""

import asyncio
import signal
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.kernel.money import Money
from tenant_apps.clients.models import Client
from tenant_apps.demo.cards.acts import How, play
from tenant_apps.demo.models import CardOrder
from tenant_apps.documents.models import Document
from tenant_apps.messaging.models import Message
from tenant_apps.payments.models import Payment, TakenEvent
from tenant_apps.payments.services.ledger_check import misplaced
from tenants.provisioning.connections import as_migrator, become_owner
from tenants.selectors import caisse_of_schema
from tenants.tasks import DEAD_AFTER_SECONDS
from tests.messaging.test_worker import (
    SECONDS,
    asked_for,
    finish,
    run_rescue,
    start_worker,  # noqa: F401  # a fixture, asked for by its name
    wait_until,
)
from tests.payments.counter_product import opened
from tests.payments.paying import begun
from tests.world import ALPHA

ONE = UUID("00000001-0000-4000-8000-000000000000")


def played() -> None:
    """Anne's card is charged; the webhook is a job."""
    with tenant_context(caisse_of_schema(schema=ALPHA)), opened() as counter:
        counter.prices[ONE] = Money.of(15)
        now = timezone.now()
        begun(Client.objects.get(pk=1), ONE, form=uuid4(), now=now)
        play(uuid=CardOrder.objects.get().uuid, how=How.PAY, now=now)


def end() -> tuple[str, list[str], str | None, int]:
    """The worker does not know the product of the tests: its sum is held, which is an end like another."""
    with tenant_context(caisse_of_schema(schema=ALPHA)):
        payment = Payment.objects.get()
        states = list(payment.lines.values_list("state", flat=True))
        return payment.state, states, payment.receipt, TakenEvent.objects.count()


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_of_a_capture_changes_nothing_of_its_end(
    request: pytest.FixtureRequest,
) -> None:
    start = request.getfixturevalue("start_worker")
    played()
    with as_migrator() as owner:
        become_owner(owner)
        # The number of the receipt is the last row that a capture locks: the lines are written by then.
        owner.execute("LOCK TABLE alpha.payments_receiptyear IN ACCESS EXCLUSIVE MODE")
        worker = start()
        wait_until(lambda: [each.status for each in asked_for() if each.task == "demo.tell"] == ["doing"])
        wait_until(_capture_waits)
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=SECONDS)
        owner.rollback()
    assert end() == ("waiting", ["asked"], None, 0)

    with as_migrator() as owner:
        become_owner(owner)
        owner.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - make_interval(secs => %s)",
            [DEAD_AFTER_SECONDS + 1],
        )
    asyncio.run(run_rescue())
    finish(start())
    assert end() == ("paid", ["held"], f"{timezone.localdate().year}-000001", 1)
    with tenant_context(caisse_of_schema(schema=ALPHA)):
        assert misplaced() == []
        assert Document.objects.count() == 1
        assert Message.objects.filter(kind="payment_held").count() == 1


def _capture_waits() -> bool:
    with as_migrator() as owner:
        become_owner(owner)
        row = owner.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'alpha.payments_receiptyear'::regclass"
        ).fetchone()
    return bool(row and row[0])

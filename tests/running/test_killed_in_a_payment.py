"""Web and worker killed in the middle of a payment: after a restart and the sweep, the same end as without."""

import asyncio
import http.client
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from guichet.embedded import EmbeddedServer
from guichet.kernel.money import Money
from guichet.tenancy.enqueue import enqueue
from tenant_apps.demo.cards.acts import How, play, webhooks_of
from tenant_apps.demo.models import CardOrder
from tenant_apps.documents.models import Document
from tenant_apps.messaging.models import Message
from tenant_apps.pawn.domain.operations import at_counter
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.services.open_contract import Pledge, open_contract
from tenant_apps.payments.models import Payment
from tenant_apps.payments.services import Wanted, open_basket, start_payment
from tenant_apps.payments.services.check_payment import check_soon
from tenant_apps.payments.services.ledger_check import misplaced
from tenants.provisioning.connections import as_migrator, become_owner
from tenants.tasks import DEAD_AFTER_SECONDS
from tests.messaging.test_worker import run_rescue
from tests.running.processes import GUNICORN, WORKER, Process, Web, environment_of, started, wait_until
from tests.simulation.towns import Town, made
from tests.tenancy.catalogue import asked
from tests.tenancy.queue import jobs

pytestmark = pytest.mark.slow
# The event is what a webhook writes first, the number of the receipt what it locks last: the loan is written by then.
BEFORE, DURING = "payments_takenevent", "payments_receiptyear"
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
End = dict[str, Any]
Word = tuple[str, dict[str, str]]


@pytest.fixture
def town(committed: None) -> Iterator[Town]:
    with made(1) as towns:
        yield towns[0]


def charged(town: Town, how: How) -> None:
    """A client redeems one loan and prolongs another; the card is charged, and nobody of ours has heard."""
    with tenant_context(town.caisse):
        now = timezone.now()
        wanted = [
            Wanted(kind="pawn_loan", reference=_lent(town, act).uuid, act=act)
            for act in ("redeem", "prolong:6")
        ]
        quote = open_basket(client=town.clients[0], wanted=wanted, now=now)
        start_payment(client=town.clients[0], quote=quote, form=uuid4(), now=now)
        play(uuid=CardOrder.objects.latest("id").uuid, how=how, now=now)


def _lent(town: Town, words: str) -> Contract:
    before = timezone.now() - timedelta(days=40)
    return open_contract(
        client=town.clients[0],
        objects=[Pledge(category="watch", description=words, appraisal=Money.of(900))],
        lent=Money.of(300),
        months=6,
        kept_at="Essai",
        operation=uuid4(),
        origin=at_counter(by=town.staff),
        on=timezone.localdate(before),
        now=before,
    ).contract


def end(town: Town) -> End:
    with tenant_context(town.caisse):
        assert misplaced() == []
        return {
            "contracts": list(Contract.objects.order_by("id").values_list("state", "capital", "due_on")),
            "acts": sorted(Operation.objects.values_list("kind", "amount", "source")),
            "payment": list(Payment.objects.values_list("state", "captured", "receipt")),
            "lines": sorted(Payment.objects.get().lines.values_list("act", "state")),
            "receipts": Document.objects.count(),
            "told": sorted(Message.objects.values_list("kind", flat=True)),
        }


@contextmanager
def held(town: Town, table: str) -> Iterator[None]:
    """Whoever asks for this table waits until the block ends."""
    with as_migrator() as owner:
        become_owner(owner)
        owner.execute(f"LOCK TABLE {town.schema}.{table} IN ACCESS EXCLUSIVE MODE".encode())
        yield
        owner.rollback()


def somebody_waits(town: Town, table: str) -> bool:
    return asked(WAITING, f"{town.schema}.{table}") != [(0,)]


def webhook(town: Town) -> Word:
    with tenant_context(town.caisse):
        return next(webhooks_of(order=CardOrder.objects.get()))


def post_webhook(town: Town, port: int, word: Word) -> int:
    """As the bank does: the status of the answer, or 0 where none came."""
    body, headers = word
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        host = {"Host": f"{town.schema}.localhost"}
        connection.request("POST", "/retours/paiement/default/", body=body, headers={**headers, **host})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def kill(process: Process) -> None:
    """The first process and all that it has started, at once."""
    pid = process.popen.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for each in (pid, *map(int, children)):
        os.kill(each, signal.SIGKILL)
    assert process.ended() == -signal.SIGKILL


def work_off(town: Town, server: EmbeddedServer) -> None:
    """The client comes back from the bank's page, and the sweep of that minute runs."""
    with tenant_context(town.caisse):
        check_soon(payment=Payment.objects.get(), now=timezone.now())
        enqueue("payments.sweep")
    run_worker(server)


def run_worker(server: EmbeddedServer) -> None:
    """Until no job is left: one that another has just asked for may come after a worker has looked."""
    while any(each.status == "todo" for each in jobs()):
        with started((*WORKER, "--once"), environment_of(server, "test")) as worker:
            assert worker.ended() == 0, worker.lines


def without_a_kill(town: Town, server: EmbeddedServer) -> End:
    """The same, with a worker that lives; then the caisse is made anew."""
    charged(town, How.PAY)
    run_worker(server)
    return end(town)


@pytest.fixture
def expected(committed: None, server: EmbeddedServer) -> End:
    with made(1) as towns:
        found = without_a_kill(towns[0], server)
    assert [state for state, *_ in found["contracts"]] == ["redeemed", "running"]
    assert found["payment"][0][0] == "applied"
    assert found["receipts"] == 1
    return found


@pytest.mark.parametrize("table", [BEFORE, DURING])
def test_a_web_killed_while_it_takes_a_webhook_changes_nothing_of_the_end(
    expected: End, town: Town, server: EmbeddedServer, port: int, table: str
) -> None:
    charged(town, How.LATE)
    untouched = end(town)
    web, command = Web(port), (*GUNICORN, "--bind", f"127.0.0.1:{port}")
    word, answers = webhook(town), list[int]()
    with started(command, environment_of(server, "test")) as process:
        wait_until(web.answers)
        bank = threading.Thread(target=lambda: answers.append(post_webhook(town, port, word)))
        with held(town, table):
            bank.start()
            wait_until(partial(somebody_waits, town, table))
            kill(process)
        bank.join()
    assert answers == [0]
    assert end(town) == untouched

    with started(command, environment_of(server, "test")):
        wait_until(web.answers)
        work_off(town, server)
        assert end(town) == expected
        # The bank, which had no answer, says it again.
        assert post_webhook(town, port, word) == 204
    assert end(town) == expected


@pytest.mark.parametrize("table", [BEFORE, DURING])
def test_a_worker_killed_while_the_bank_tells_changes_nothing_of_the_end(
    expected: End, town: Town, server: EmbeddedServer, table: str
) -> None:
    charged(town, How.PAY)
    untouched = end(town)
    with started(WORKER, environment_of(server, "test")) as process, held(town, table):
        wait_until(partial(somebody_waits, town, table))
        kill(process)
    assert end(town) == untouched

    work_off(town, server)
    assert end(town) == expected
    with as_migrator() as owner:
        become_owner(owner)
        owner.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - make_interval(secs => %s)",
            [DEAD_AFTER_SECONDS + 1],
        )
    asyncio.run(run_rescue())
    run_worker(server)
    assert end(town) == expected

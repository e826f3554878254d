"""Two acts at the same time, the second begun at a chosen statement of the first.

The first stands still until the second is done or waits for a row of the first: which of the two it is depends on
nothing but the rows, so that the same seed gives the same end.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
from django.db import connections
from django_tenants.utils import tenant_context
from procrastinate.contrib.django import app

from guichet.tenancy.connection import connection
from tenant_apps.agencies.models import Kind
from tenant_apps.payments.domain.outcomes import Said
from tenant_apps.payments.domain.states import LineState, PaymentState
from tenant_apps.payments.models import Payment, PaymentLine, Refund
from tenant_apps.payments.services.check_payment import check_payment
from tests.simulation import at_agency, at_counter, at_home, at_second_try, at_undoing
from tests.simulation.at_bank import arrival
from tests.simulation.bank import Word
from tests.simulation.plans import NOTHING, BrokenPromiseError, Plan
from tests.simulation.towns import Town

if TYPE_CHECKING:
    from tests.simulation.scene import Scene

SECONDS = 30
STATEMENTS = 45
"""About as many as the longest of these acts makes."""
WAITS = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s"
Pair = tuple[Plan, Plan]


class Beside:
    """Another thread, with a connection of its own, watched from a third one."""

    def __init__(self, watcher: "psycopg.Connection[Any]") -> None:
        self._watcher = watcher
        self._thread = ThreadPoolExecutor(max_workers=1)

    def close(self) -> None:
        self._thread.submit(connections.close_all).result(SECONDS)
        self._thread.shutdown()

    def together(self, town: Town, first: Plan, second: Plan, *, statement: int) -> str:
        """The ends of both. `statement`: of the first, before which the second begins."""
        begun: list[Future[str]] = []
        count = 0

        def before_each(execute: Callable[..., Any], *words: Any) -> Any:
            nonlocal count
            count += 1
            if count == statement:
                begun.append(self._begin(town, second))
            return execute(*words)

        with connection.execute_wrapper(before_each):
            one = first.outcome()
        other = (begun[0] if begun else self._begin(town, second)).result(SECONDS)
        return f"{one}; {second.words}: {other}"

    def _begin(self, town: Town, plan: Plan) -> "Future[str]":
        pid: Future[int] = Future()
        future = self._thread.submit(_run, town, plan, pid)
        number = pid.result(SECONDS)
        while not future.done() and not self._waits(number):
            wait_for([future], timeout=0.002)
        return future

    def _waits(self, pid: int) -> bool:
        return self._watcher.execute(WAITS, [pid]).fetchone() == (True,)


def _run(town: Town, plan: Plan, pid: "Future[int]") -> str:
    try:
        with tenant_context(town.caisse):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                pid.set_result(cursor.fetchone()[0])
            return plan.outcome()
    finally:
        connection.set_schema_to_public()
        if not pid.done():
            pid.set_exception(BrokenPromiseError("the second of two acts could not begin"))


def at_once(scene: "Scene", town: Town) -> Plan:
    """Two that meet on the same contract, payment, line or refund, in either order."""
    makers = [_word_and_counter, _words, _word_and_sweep, _held_twice, _refund_twice, _two_tabs, _one_seat]
    makers.append(_undone)
    scene.chance.shuffle(makers)
    makers.insert(scene.chance.choice([0, len(makers), len(makers)]), _two_at_the_counter)
    pair = next((found for make in makers if (found := make(scene, town))), None)
    if pair is None:
        return NOTHING
    first, second = pair if scene.chance.happens(0.5) else (pair[1], pair[0])
    statement = scene.chance.randrange(1, STATEMENTS)
    words = f"at once from statement {statement}: {first.words}"

    def act() -> str:
        with scene.calm():
            return scene.beside.together(town, first, second, statement=statement)

    return Plan(words, act)


def _capture(scene: "Scene", town: Town) -> Word | None:
    """The word of a capture that the caisse does not know yet; a client at the bank's page accepts, if need be."""
    if not town.book.words:
        at_home.on_the_banks_page(scene, town).done()
    found = [
        each
        for each in town.book.words
        if each.payment in town.book.charges and each.label.startswith(Said.CAPTURED)
    ]
    known = set(_open(each.payment for each in found if each.payment))
    fresh = [each for each in found if each.payment in known]
    return scene.chance.choice(fresh) if fresh else None


def _open(uuids: Any) -> list[UUID]:
    states = (PaymentState.WAITING, PaymentState.REFUSED, PaymentState.ABANDONED, PaymentState.CREATED)
    found = Payment.objects.filter(uuid__in=list(uuids), state__in=states)
    return list(found.values_list("uuid", flat=True))


def _word_and_counter(scene: "Scene", town: Town) -> Pair | None:
    word = _capture(scene, town)
    if word is None or word.payment is None:
        return None
    line = PaymentLine.objects.filter(payment__uuid=word.payment).order_by("position").first()
    contract = at_counter.contract_named(line.reference) if line else None
    if contract is None:
        return None
    return arrival(town, word), at_counter.money_for(scene, town, contract)


def _words(scene: "Scene", town: Town) -> Pair | None:
    """The same word twice, or another one of the same payment."""
    word = _capture(scene, town)
    if word is None:
        return None
    others = [each for each in town.book.words if each.payment == word.payment]
    return arrival(town, word), arrival(town, scene.chance.choice(others))


def _word_and_sweep(scene: "Scene", town: Town) -> Pair | None:
    word = _capture(scene, town)
    if word is None or word.payment is None:
        return None
    with_check = partial(_checked, scene, word.payment)
    return arrival(town, word), Plan("the bank is asked", with_check)


def _checked(scene: "Scene", payment: UUID) -> str:
    """As soon as the client comes back."""
    Payment.objects.filter(uuid=payment, state=PaymentState.WAITING).update(check_at=scene.clock.now)
    check_payment(uuid=payment, now=scene.clock.now)
    return "done"


def _two_at_the_counter(scene: "Scene", town: Town) -> Pair | None:
    contract = at_counter.one_contract(scene, *at_counter.LIVING)
    if contract is None:
        return None
    return (
        at_counter.money_for(scene, town, contract),
        at_counter.money_for(scene, town, contract),
    )


def _undone(scene: "Scene", town: Town) -> Pair | None:
    """A payment is taken back while a colleague takes it back too, or takes money for the same contract."""
    contract = at_counter.one_contract(scene, *at_counter.LIVING, "redeemed")
    payment = at_undoing.last_payment(contract) if contract else None
    if contract is None or payment is None:
        return None
    first = at_undoing.taking_back(scene, town, payment)
    if scene.chance.happens(0.5):
        return first, at_undoing.taking_back(scene, town, payment)
    return first, at_counter.money_for(scene, town, contract)


def _one_seat(scene: "Scene", town: Town) -> Pair | None:
    """Two clients for the expert, or one client twice."""
    hour = at_agency.hour_for(scene, Kind.APPRAISAL)
    if hour is None:
        return None
    one, other = scene.chance.choice(town.clients), scene.chance.choice(town.clients)
    return (
        at_agency.booking(scene, one, Kind.APPRAISAL, hour),
        at_agency.booking(scene, other, Kind.APPRAISAL, hour),
    )


def _held_twice(scene: "Scene", town: Town) -> Pair | None:
    """Two colleagues, or one who tries again while the other gives it back."""
    found = list(PaymentLine.objects.filter(state=LineState.HELD).select_related("payment").order_by("id"))
    if not found:
        return None
    line = scene.chance.choice(found)
    return (
        at_counter.place(scene, town, line, give_back=True),
        at_counter.place(scene, town, line, give_back=scene.chance.happens(0.5)),
    )


def _two_tabs(scene: "Scene", town: Town) -> Pair | None:
    """One gives the payment up, the other begins it again or the bank says that it is captured."""
    word = _capture(scene, town)
    if word is None or word.payment is None:
        return None
    payment = Payment.objects.select_related("client").get(uuid=word.payment)
    other = arrival(town, word) if scene.chance.happens(0.5) else at_second_try.beginning(scene, payment)
    return at_second_try.stopping(scene, payment), other


def _refund_twice(scene: "Scene", town: Town) -> Pair | None:
    """The same job for two workers. Both may ask the bank: it gives back once."""
    due = Refund.objects.filter(state="asked", due_at__lte=scene.clock.now).order_by("id")
    found = list(due.values_list("pk", "uuid"))
    if not found:
        return None
    key, uuid = scene.chance.choice(found)
    job = partial(app.tasks["payments.refund"], tenant=town.schema, refund=str(uuid))
    plan = Plan(f"the job of refund {key}", lambda: str(job() or "done"))
    return plan, plan

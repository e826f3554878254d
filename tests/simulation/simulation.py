"""A run: acts drawn from a seed, at caisses that know nothing of each other, and what must hold after each of them."""

import hashlib
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connections
from django.test import override_settings

from guichet.tenancy.connection import connection
from tenant_apps.payments.domain.providers import CardProvider
from tenants.provisioning.connections import as_administrator
from tests.simulation import (
    at_agency,
    at_bank,
    at_counter,
    at_dispute,
    at_home,
    at_second_try,
    at_undoing,
    books,
    by_clock,
)
from tests.simulation.at_once import Beside, at_once
from tests.simulation.bank import PATH, Bank
from tests.simulation.chance import Chance, SimulatedClock, drawn_from
from tests.simulation.invariants import broken_between, broken_of
from tests.simulation.plans import NOTHING, BrokenPromiseError, Plan
from tests.simulation.scene import Scene, at
from tests.simulation.towns import Town, made

Maker = Callable[[Scene, Town], Plan]
ACTS: dict[Maker, int] = {
    at_counter.lend: 10,
    at_counter.take_money: 7,
    at_counter.announce: 3,
    at_counter.withdraw: 1,
    at_counter.sell: 4,
    at_counter.correct: 2,
    at_counter.pay_boni: 2,
    at_counter.hand_over: 2,
    at_counter.block: 2,
    at_counter.unblock: 3,
    at_counter.notify: 2,
    at_counter.place_held: 4,
    at_home.fill_basket: 18,
    at_home.begin_to_pay: 8,
    at_home.on_the_banks_page: 16,
    at_home.prolong_for_nothing: 4,
    at_second_try.pay_again: 4,
    at_second_try.refused_then_again: 2,
    at_second_try.second_tab: 4,
    at_second_try.stop: 2,
    at_agency.book: 8,
    at_agency.move: 3,
    at_agency.cancel: 3,
    at_agency.note: 3,
    at_bank.arrive: 12,
    at_bank.forge: 2,
    at_bank.another_caisses_word: 1,
    at_bank.refund_moves: 4,
    at_undoing.dispute: 3,
    at_undoing.take_back: 4,
    at_dispute.lose_a_part: 2,
    at_once: 10,
    by_clock.pass_time: 10,
    by_clock.sweep: 4,
    by_clock.ask_again: 2,
    by_clock.pawn_night: 2,
    by_clock.payments_night: 1,
    by_clock.remind: 1,
    by_clock.nudge_refund: 2,
    by_clock.nudge_receipt: 1,
}
TRIES = 8
"""To find an act that has something to be done with."""
LAST = 20
# The longest that anything waits: a refund on its way is looked at again after hours, a page given up after days.
REST = (timedelta(minutes=50), *[timedelta(hours=7)] * 12)
ASKED_AT = (1, len(REST) - 1)
"""After which of them closed payments are asked about: once all pages have lapsed, and in the end."""


class SimulationFailedError(Exception):
    """Says with which seed, at which step, after which acts, and what was broken."""


@dataclass(slots=True)
class Ran:
    """`digest`: of all that was done and of all that stands in the end. `seconds`: of the steps alone."""

    seed: int
    steps: int
    digest: str
    seconds: float
    charged: int
    acts: "Counter[str]" = field(default_factory=Counter)
    history: list[str] = field(default_factory=list)


def run(*, seed: int, steps: int, caisses: int = 2) -> Ran:
    """Raises SimulationFailedError."""
    with _scene(seed, caisses) as scene:
        return _walk(scene, seed, steps)


@contextmanager
def _scene(seed: int, caisses: int) -> Iterator[Scene]:
    clock = SimulatedClock()
    with ExitStack() as stack:
        stack.enter_context(
            override_settings(
                PAYMENT_ADAPTERS={**settings.PAYMENT_ADAPTERS, "demo": PATH},
                PAYMENT_PROVIDERS={"default": CardProvider(kind="demo")},
            )
        )
        stack.enter_context(drawn_from(seed, clock))
        towns = stack.enter_context(made(caisses))
        owner = stack.enter_context(as_administrator())
        owner.autocommit = True
        beside = Beside(owner)
        stack.callback(beside.close)
        stack.callback(connections.close_all)
        scene = Scene(Chance(seed), clock, towns, owner, beside)
        Bank.books.update({each.schema: each.book for each in towns})
        Bank.moods.append(scene.mood())
        stack.callback(Bank.moods.pop)
        yield scene


def _walk(scene: Scene, seed: int, steps: int) -> Ran:
    acts: Counter[str] = Counter()
    begun, step = perf_counter(), 0
    try:
        for step in range(1, steps + 1):
            acts[_step(scene, step)] += 1
        seconds = perf_counter() - begun
        _come_to_rest(scene)
    except Exception as error:
        raise SimulationFailedError(_told(scene, seed, step, error)) from error
    return Ran(seed, steps, _digest(scene), seconds, scene.charged, acts, scene.history)


def _step(scene: Scene, step: int) -> str:
    town, before = scene.chance.choice(scene.towns), scene.seen or scene.all_sums()
    with at(town):
        name, plan = _drawn(scene, town)
        # What comes in between stands below it; what never ends stands there without an end.
        line = len(scene.history)
        scene.history.append(f"{step} {town.schema} {plan.words}")
        scene.history[line] = f"{step} {town.schema} {plan.done()}"
    connection.set_schema_to_public()
    _check(scene, town)
    scene.seen = scene.all_sums()
    for schema, sums in scene.seen.items():
        if schema != town.schema and sums != before[schema]:
            raise BrokenPromiseError(f"an act at {town.schema} changed something at {schema}")
    return name


def _drawn(scene: Scene, town: Town) -> tuple[str, Plan]:
    for _ in range(TRIES):
        [maker] = scene.chance.choices(list(ACTS), weights=list(ACTS.values()))
        plan = maker(scene, town)
        if plan is not NOTHING:
            return maker.__name__, plan
    return "nothing", NOTHING


def _check(scene: Scene, town: Town) -> None:
    schemas = [each.schema for each in scene.towns]
    for statement in (broken_of(town.schema), broken_between(schemas)):
        broken = scene.owner.execute(statement.encode()).fetchone()
        if broken:
            raise BrokenPromiseError(f"{broken[0]}: {broken[1]}")
    books.check(scene.owner, town)


def _come_to_rest(scene: Scene) -> None:
    """No more faults: all that is under way arrives, and the sweep has the time that it takes."""
    with scene.calm():
        for town in scene.towns:
            with at(town):
                _hear_all(scene, town)
        for number, by in enumerate(REST):
            scene.clock.move(by)
            for town in scene.towns:
                with at(town):
                    by_clock.sweep(scene, town).outcome()
                    if number in ASKED_AT:
                        by_clock.ask_again(scene, town).outcome()
                    _refunds_arrive(scene, town)
                _check(scene, town)
        for town in scene.towns:
            books.check_at_rest(scene.owner, town)


def _hear_all(scene: Scene, town: Town) -> None:
    while town.book.words:
        at_bank.arrival(town, town.book.words[0]).outcome()


def _refunds_arrive(scene: Scene, town: Town) -> None:
    for _ in town.book.refunds:
        at_bank.refund_moves(scene, town).outcome()
    _hear_all(scene, town)


def _digest(scene: Scene) -> str:
    digest = hashlib.sha256("\n".join(scene.history).encode())
    for town in scene.towns:
        for statement in ENDS:
            rows: list[tuple[Any, ...]] = scene.owner.execute(
                statement.format(s=town.schema).encode()
            ).fetchall()
            digest.update("\n".join(map(str, rows)).encode())
    return digest.hexdigest()


ENDS = (
    "SELECT id, uuid, number, state, capital, due_on FROM {s}.pawn_contract ORDER BY id",
    'SELECT uuid, kind, "on", at, payment, amount FROM {s}.pawn_operation ORDER BY uuid',
    "SELECT id, uuid, state, captured, receipt, closed_at, dispute FROM {s}.payments_payment ORDER BY id",
    "SELECT payment_id, position, amount, state, reason FROM {s}.payments_paymentline ORDER BY 1, 2",
    "SELECT uuid, state, amount, ended_at FROM {s}.payments_refund ORDER BY uuid",
    "SELECT uuid, client_id, state, starts_at, moves FROM {s}.agencies_appointment ORDER BY uuid",
    "SELECT resource_id, seat, step FROM {s}.agencies_hold ORDER BY 1, 2, 3",
)


def _told(scene: Scene, seed: int, step: int, error: Exception) -> str:
    broken = (
        str(error)
        if isinstance(error, BrokenPromiseError)
        else "".join(traceback.format_exception(error)[-6:])
    )
    again = f"bin/simulate --seed {seed} --steps {step} --caisses {len(scene.towns)}"
    return "\n".join([f"seed {seed}, step {step}: {broken}", *scene.history[-LAST:], f"again: {again}"])

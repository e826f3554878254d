"""What time brings: it passes, and jobs run, each of them twice."""

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from procrastinate.contrib.django import app

from tenant_apps.payments.domain.states import CAPTURED, RefundState
from tenant_apps.payments.models import Payment, Refund
from tests.simulation.plans import NOTHING, BrokenPromiseError, Plan
from tests.simulation.towns import Town

if TYPE_CHECKING:
    from tests.simulation.scene import Scene

RUNS = 3


def pass_time(scene: "Scene", town: Town) -> Plan:
    """Mostly minutes; some days, now and then a month or more."""
    chance = scene.chance
    by = chance.choices(
        [
            timedelta(minutes=chance.randrange(1, 8)),
            timedelta(hours=chance.randrange(1, 20)),
            timedelta(days=chance.randrange(1, 6)),
            timedelta(days=chance.randrange(20, 70)),
        ],
        weights=[60, 14, 18, 8],
    )[0]

    def act() -> str:
        scene.clock.move(by)
        return f"{scene.clock.now:%Y-%m-%d %H:%M}"

    return Plan("time passes", act)


def sweep(scene: "Scene", town: Town) -> Plan:
    return _twice(scene, town, "payments.sweep")


def ask_again(scene: "Scene", town: Town) -> Plan:
    """About payments that were said to be refused or abandoned."""
    return _twice(scene, town, "payments.ask_again", asked_at=int(scene.clock.now.timestamp()))


def pawn_night(scene: "Scene", town: Town) -> Plan:
    return _twice(scene, town, "pawn.night")


def payments_night(scene: "Scene", town: Town) -> Plan:
    return _twice(scene, town, "payments.night")


def remind(scene: "Scene", town: Town) -> Plan:
    return _twice(scene, town, "pawn.remind", asked_at=int(scene.clock.now.timestamp()))


def _twice(scene: "Scene", town: Town, name: str, **words: Any) -> Plan:
    """What a run finds may be work for the next one, such as a refund to ask for; then there is none left."""
    job = partial(app.tasks[name], tenant=town.schema, **words)

    def act() -> str:
        job()
        with scene.undisturbed():
            for _ in range(RUNS):
                before = scene.sums(town)
                job()
                if scene.sums(town) == before:
                    return "done"
        raise BrokenPromiseError(f"{name} did something more each time that it ran again")

    return Plan(name, act)


def nudge_refund(scene: "Scene", town: Town) -> Plan:
    found = list(Refund.objects.filter(state=RefundState.ASKED).order_by("id").values_list("pk", "uuid"))
    if not found:
        return NOTHING
    key, uuid = scene.chance.choice(found)
    job = partial(app.tasks["payments.refund"], tenant=town.schema, refund=str(uuid))
    return Plan(f"the job of refund {key}", lambda: str(job() or "done"))


def nudge_receipt(scene: "Scene", town: Town) -> Plan:
    last = Payment.objects.filter(state__in=CAPTURED).order_by("-id").first()
    if last is None:
        return NOTHING
    job = partial(app.tasks["payments.receipt"], tenant=town.schema, payment=str(last.uuid))
    return Plan(f"the job of receipt {last.receipt}", lambda: str(job() or "done"))

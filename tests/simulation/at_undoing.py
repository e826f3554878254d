"""What is undone: a bank takes back what was paid by card, and the counter takes back what was paid by mistake."""

from typing import TYPE_CHECKING

from tenant_apps.pawn.domain.operations import RECEIVED
from tenant_apps.pawn.models import Contract, Operation
from tenant_apps.pawn.services.take_back import take_back as taken_back
from tenant_apps.payments.domain.outcomes import Said
from tenant_apps.payments.domain.states import DisputeState, PaymentState
from tenant_apps.payments.models import Payment
from tests.simulation.at_counter import act_of
from tests.simulation.plans import NOTHING, Plan
from tests.simulation.towns import Town

if TYPE_CHECKING:
    from tests.simulation.scene import Scene

WANTED, WON, LOST = "disputed", "dispute_won", "dispute_lost"


def dispute(scene: "Scene", town: Town) -> Plan:
    """The bank of whoever paid wants back what served, or says in the end who keeps it. Its words may arrive in any
    order.
    """
    undecided = [capture for capture, how in town.book.disputes.items() if how == WANTED]
    if undecided and scene.chance.happens(0.6):
        capture = scene.chance.choice(undecided)
        return _said(scene, town, capture, scene.chance.choices([WON, LOST], [1, 4])[0])
    served = (
        Payment.objects.filter(state=PaymentState.APPLIED).order_by("id").values_list("capture", flat=True)
    )
    fresh = [each for each in served if each in town.book.captures and each not in town.book.disputes]
    return _said(scene, town, scene.chance.choice(fresh), WANTED) if fresh else NOTHING


def _said(scene: "Scene", town: Town, capture: str, how: str) -> Plan:
    amount = town.book.captures[capture].amount

    def act() -> str:
        town.book.disputes[capture] = how
        word = town.book.write(said=Said.OPEN, at=scene.clock.now, capture=capture, amount=amount, how=how)
        town.book.words += [word] * scene.chance.choice([1, 1, 2])
        return "said"

    return Plan(f"{how} {capture}, {amount}", act)


def take_back(scene: "Scene", town: Town) -> Plan:
    """Mostly what may be: of today at the counter, or lost to a bank."""
    payments = list(Operation.objects.filter(kind__in=RECEIVED).select_related("contract").order_by("id"))
    lost = set(Payment.objects.filter(dispute=DisputeState.LOST).values_list("uuid", flat=True))
    likely = [
        each
        for each in payments
        if each.payment in lost or (each.payment is None and each.on == scene.clock.today)
    ]
    found = likely if likely and scene.chance.happens(0.9) else payments
    return taking_back(scene, town, scene.chance.choice(found)) if found else NOTHING


def taking_back(scene: "Scene", town: Town, payment: Operation) -> Plan:
    words = {"contract": payment.contract, "paid": payment.uuid, "reason": "other: essai"}
    said = f"take back {payment.kind} {payment.amount}, by {payment.source}, of {payment.contract.number}"
    return act_of(scene, town, said, taken_back, words)


def last_payment(contract: Contract) -> Operation | None:
    found = Operation.objects.filter(contract=contract, kind__in=RECEIVED).select_related("contract")
    return found.order_by("-id").first()

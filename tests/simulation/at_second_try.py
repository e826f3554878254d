"""What clients do who begin again: a second payment for the same thing, one that came to nothing, one given up."""

from typing import TYPE_CHECKING
from uuid import uuid4

from guichet.kernel.money import Money
from tenant_apps.payments.domain.outcomes import Said
from tenant_apps.payments.domain.states import CAPTURED, CLOSED, OPEN, PaymentState
from tenant_apps.payments.models import Payment
from tenant_apps.payments.registry import CannotPayError
from tenant_apps.payments.services.pay_again import pay_again as begin_anew
from tenant_apps.payments.services.quoting import Wanted, open_basket
from tenant_apps.payments.services.start_payment import start_payment
from tenant_apps.payments.services.under_way import UnderWayError, give_up
from tests.simulation.at_bank import arrival
from tests.simulation.plans import NOTHING, BrokenPromiseError, Plan
from tests.simulation.towns import Town

if TYPE_CHECKING:
    from tests.simulation.scene import Scene


def pay_again(scene: "Scene", town: Town) -> Plan:
    """Of what was refused or abandoned; now and then of what waits or was paid, which must be refused."""
    wanted = CLOSED if scene.chance.happens(0.9) else OPEN | CAPTURED
    found = list(Payment.objects.filter(state__in=wanted).select_related("client").order_by("-id")[:12])
    if not found:
        return NOTHING
    payment = scene.chance.choice(found)

    def act() -> str:
        quote = begin_anew(client=payment.client, payment=payment, now=scene.clock.now)
        if payment.state not in CLOSED:
            raise BrokenPromiseError(f"payment {payment.pk} was begun again while it was {payment.state}")
        started = start_payment(client=payment.client, quote=quote, form=uuid4(), now=scene.clock.now)
        return f"{quote.total}, sent to the bank" if started.address else "nothing left to do there"

    return Plan(f"{payment.client.number} pays again what payment {payment.pk} was for", act)


def refused_then_again(scene: "Scene", town: Town) -> Plan:
    """The bank refuses, says so, and the client tries once more at once."""
    now = scene.clock.now
    charges = [
        each
        for each in town.book.charges.values()
        if each.begun and each.said is Said.OPEN and each.order.expires_at > now
    ]
    if not charges:
        return NOTHING
    charge = scene.chance.choice(charges)

    def act() -> str:
        charge.said, charge.at = Said.REFUSED, now
        word = town.book.write(said=Said.REFUSED, at=now, payment=charge.order.payment)
        town.book.words.append(word)
        arrival(town, word).act()
        payment = Payment.objects.select_related("client").get(uuid=charge.order.payment)
        quote = begin_anew(client=payment.client, payment=payment, now=now)
        start_payment(client=payment.client, quote=quote, form=uuid4(), now=now)
        return f"{quote.total}, sent to the bank again"

    return Plan(f"refused, then again, an order of {charge.order.amount}", act)


def second_tab(scene: "Scene", town: Town) -> Plan:
    """The same things in another basket, while the first payment waits: it is refused, or the first is given up."""
    payment = _waiting(scene)
    if payment is None:
        return NOTHING
    stops = scene.chance.happens(0.5)

    def act() -> str:
        if stops:
            return f"{_stop(scene, payment)}, {_second(scene, payment)}"
        try:
            return _second(scene, payment)
        except UnderWayError:
            return "one is under way"

    return Plan(f"{payment.client.number} begins payment {payment.pk} a second time", act)


def stop(scene: "Scene", town: Town) -> Plan:
    payment = _waiting(scene)
    return NOTHING if payment is None else stopping(scene, payment)


def stopping(scene: "Scene", payment: Payment) -> Plan:
    return Plan(f"payment {payment.pk} is given up", lambda: _stop(scene, payment))


def beginning(scene: "Scene", payment: Payment) -> Plan:
    """In another tab."""
    return Plan(f"the things of payment {payment.pk} again", lambda: _second(scene, payment))


def _waiting(scene: "Scene") -> Payment | None:
    now = scene.clock.now
    waiting = Payment.objects.filter(state=PaymentState.WAITING, expires_at__gt=now)
    found = list(waiting.select_related("client").order_by("id"))
    return scene.chance.choice(found) if found else None


def _stop(scene: "Scene", payment: Payment) -> str:
    return give_up(payment=payment, now=scene.clock.now).state


def _second(scene: "Scene", payment: Payment) -> str:
    """Raises as the services do; a second one that is begun beside one that waits breaks a promise."""
    wanted = [
        Wanted(kind=each.kind, reference=each.reference, act=each.act, amount=_amount(each.act, each.amount))
        for each in payment.lines.order_by("position")
    ]
    try:
        quote = open_basket(client=payment.client, wanted=wanted, now=scene.clock.now)
    except CannotPayError:
        return "it can be paid no more"
    start_payment(client=payment.client, quote=quote, form=uuid4(), now=scene.clock.now)
    return f"{quote.total}, begun"


def _amount(act: str, amount: Money) -> Money | None:
    return amount if act == "part" else None

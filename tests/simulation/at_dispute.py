"""The bank of whoever paid, which takes back a part of a payment that is held, or whose capture nobody has told yet."""

from typing import TYPE_CHECKING

from guichet.kernel.money import Money
from tenant_apps.payments.domain.outcomes import Said
from tenant_apps.payments.domain.states import LineState
from tenant_apps.payments.models import Payment
from tests.simulation.plans import NOTHING, Plan
from tests.simulation.towns import Town

if TYPE_CHECKING:
    from tests.simulation.scene import Scene

LOST = "dispute_lost"


def lose_a_part(scene: "Scene", town: Town) -> Plan:
    """With or without a word of its beginning; what is lost is never more than what has not gone back by then."""
    held = Payment.objects.filter(lines__state=LineState.HELD).order_by("id").distinct()
    told = set(Payment.objects.exclude(capture="").values_list("capture", flat=True))
    found = [
        *held.values_list("capture", flat=True),
        *(each for each in town.book.captures if each not in told),
    ]
    fresh = [each for each in found if each in town.book.captures and each not in town.book.disputes]
    if not fresh:
        return NOTHING
    capture = scene.chance.choice(fresh)
    left = town.book.captures[capture].amount - town.book.given_back(capture)
    if left <= Money(1):
        return NOTHING
    amount = Money(scene.chance.randint(1, left.cents))
    begins = ["disputed"] if scene.chance.happens(0.5) else []

    def act() -> str:
        town.book.disputes[capture], town.book.lost[capture] = LOST, amount
        for how in (*begins, LOST):
            word = town.book.write(
                said=Said.OPEN, at=scene.clock.now, capture=capture, amount=amount, how=how
            )
            town.book.words += [word] * scene.chance.choice([1, 1, 2])
        return "said"

    return Plan(f"the bank takes {amount} of {capture} back", act)

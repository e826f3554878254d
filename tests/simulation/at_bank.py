"""What the bank says, and what others say in its name; what becomes of the refunds it took."""

from contextlib import suppress
from typing import TYPE_CHECKING

from django.test import RequestFactory

from tenant_apps.payments.domain.outcomes import Said
from tenant_apps.payments.views.returns import payment_returns
from tests.simulation.bank import Word
from tests.simulation.plans import NOTHING, BrokenPromiseError, Plan
from tests.simulation.towns import Town

if TYPE_CHECKING:
    from tests.simulation.scene import Scene

PROVIDER = "default"
_factory = RequestFactory()


def arrive(scene: "Scene", town: Town) -> Plan:
    """Any of those under way: they overtake one another."""
    if not town.book.words:
        return NOTHING
    word = scene.chance.choice(town.book.words)
    return arrival(town, word)


def arrival(town: Town, word: Word) -> Plan:
    def act() -> str:
        _posted(word.body, word.signature, expected=204)
        # Two may bring the same one at once.
        with suppress(ValueError):
            town.book.words.remove(word)
        return "taken"

    return Plan(f"the bank says {word.label}", act)


def forge(scene: "Scene", town: Town) -> Plan:
    """A capture that no bank has signed, or that another caisse's has; a body that nobody can read."""
    if not town.book.charges:
        return NOTHING
    charge = scene.chance.choice(list(town.book.charges.values()))
    word = town.book.write(
        said=Said.CAPTURED,
        at=scene.clock.now,
        payment=charge.order.payment,
        capture=f"forged-{town.book.count}",
        amount=charge.order.amount,
    )
    others = [each for each in scene.towns if each is not town]
    kind = scene.chance.choice(["unsigned", "unreadable", *(["neighbour"] if others else [])])

    def act() -> str:
        if kind == "unreadable":
            _posted("{", town.book.signed("{"), expected=400)
        elif kind == "neighbour":
            _posted(word.body, others[0].book.signed(word.body), expected=403)
        else:
            _posted(word.body, "", expected=403)
        return "not taken"

    return Plan(f"somebody says {word.label}, {kind}", act)


def another_caisses_word(scene: "Scene", town: Town) -> Plan:
    """Signed with this caisse's key, about a payment of its neighbour."""
    payments = [uuid for each in scene.towns if each is not town for uuid in each.book.charges]
    if not payments:
        return NOTHING
    payment = scene.chance.choice(payments)
    word = town.book.write(
        said=Said.CAPTURED,
        at=scene.clock.now,
        payment=payment,
        capture=f"stray-{town.book.count}",
        amount="10.00",
    )

    def act() -> str:
        _posted(word.body, word.signature, expected=204)
        return "nobody's here"

    return Plan(f"the bank says {word.label} of a payment of another caisse", act)


def refund_moves(scene: "Scene", town: Town) -> Plan:
    """What was on its way arrives, or comes back; even what had arrived."""
    moves = {
        Said.REFUND_SENT: (Said.REFUND_DONE, Said.REFUND_FAILED),
        Said.REFUND_DONE: (Said.REFUND_FAILED,),
    }
    found = [(uuid, each) for uuid, each in town.book.refunds.items() if each.said in moves]
    if not found:
        return NOTHING
    uuid, made = scene.chance.choice(found)
    if made.said is Said.REFUND_DONE and not scene.chance.happens(0.1):
        return NOTHING
    said = scene.chance.choice(moves[made.said])

    def act() -> str:
        made.said = said
        word = town.book.write(said=said, at=scene.clock.now, refund=uuid, capture=f"r-{uuid}")
        town.book.words += [word] * scene.chance.choice([1, 1, 2])
        return said

    return Plan(f"a refund of {made.amount} at the bank", act)


def _posted(body: str, signature: str, *, expected: int) -> None:
    request = _factory.post(
        f"/paiement/{PROVIDER}/", data=body, content_type="application/json", headers={"X-Bank": signature}
    )
    answer = payment_returns(request, provider=PROVIDER)
    if answer.status_code != expected:
        raise BrokenPromiseError(
            f"a webhook was answered {answer.status_code} where {expected} was expected: {body}"
        )

"""What clients do: fill a basket, begin to pay, send a form again; and what they do on the bank's page."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from guichet.kernel.money import ZERO, Money
from tenant_apps.clients.models import Client
from tenant_apps.pawn.domain.possible import Act
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.services.errors import NotPossibleError
from tenant_apps.pawn.services.prolong_for_free import prolong_for_free
from tenant_apps.pawn.services.quote import quote_contract
from tenant_apps.payments.domain.outcomes import Said
from tenant_apps.payments.registry import CannotPayError, settlement_of
from tenant_apps.payments.services.quoting import Quote, Wanted, open_basket
from tenant_apps.payments.services.start_payment import FormUsedError, PriceChangedError, start_payment
from tests.simulation.at_counter import LIVING, part_of
from tests.simulation.bank import Capture, Charge
from tests.simulation.plans import NOTHING, BrokenPromiseError, Plan
from tests.simulation.towns import Town

if TYPE_CHECKING:
    from tests.simulation.scene import Scene

KIND = "pawn_loan"
TRIES = 3
KEPT = 12
"""How many baskets and forms are remembered, to be used again."""


def fill_basket(scene: "Scene", town: Town) -> Plan:
    """Of one's own contracts; now and then of somebody else's. Mostly it is paid at once."""
    owners = Contract.objects.filter(state__in=LIVING).values_list("client_id", flat=True)
    clients = [each for each in town.clients if each.pk in set(owners)]
    if not clients:
        return NOTHING
    client = scene.chance.choice(clients)
    found = list(Contract.objects.filter(client=client, state__in=LIVING).order_by("id"))
    if scene.chance.happens(0.03):
        found += list(Contract.objects.exclude(client=client).order_by("id")[:1])
    chosen = scene.chance.sample(found, k=min(len(found), scene.chance.choice([1, 1, 2, 3])))
    wanted = [_wanted(scene, town, each) for each in chosen]

    def act() -> str:
        strange = [each for each in chosen if each.client_id != client.pk]
        quote = open_basket(client=client, wanted=wanted, now=scene.clock.now)
        if strange:
            raise BrokenPromiseError("somebody else's contract was put into a basket")
        if scene.chance.happens(0.6):
            return f"{quote.total}, {_begin(scene, town, client, quote, uuid4())}"
        town.baskets = [*town.baskets[-KEPT:], (client, quote)]
        return str(quote.total)

    return Plan(f"{client.number} wants {', '.join(each.act for each in wanted)}", act)


def _wanted(scene: "Scene", town: Town, contract: Contract) -> Wanted:
    """Mostly something that can be done today and costs something."""
    found = _drawn(scene, town, contract)
    for _ in range(TRIES):
        if scene.chance.happens(0.1) or _has_a_price(scene, contract, found):
            break
        found = _drawn(scene, town, contract)
    return found


def _drawn(scene: "Scene", town: Town, contract: Contract) -> Wanted:
    longer = f"prolong:{scene.chance.choice(town.longer)}"
    act = scene.chance.choices(["part", "redeem", longer], [6, 2, 3])[0]
    amount = part_of(scene, contract) if act == "part" else None
    return Wanted(kind=KIND, reference=contract.uuid, act=act, amount=amount)


def _has_a_price(scene: "Scene", contract: Contract, wanted: Wanted) -> bool:
    try:
        settlement_of(KIND).price(
            client=contract.client,
            reference=contract.uuid,
            act=wanted.act,
            amount=wanted.amount,
            now=scene.clock.now,
        )
    except CannotPayError:
        return False
    return True


def prolong_for_nothing(scene: "Scene", town: Town) -> Plan:
    """A small loan, for nothing; now and then one that costs something, or with a term that was never shown."""
    found = list(Contract.objects.filter(state__in=LIVING).order_by("id"))
    months = scene.chance.choice(town.longer)
    free = [each for each in found if _term(scene, each, months)[1] == ZERO]
    if not found or not (free or scene.chance.happens(0.1)):
        return NOTHING
    contract = scene.chance.choice(free or found)
    until, price = _term(scene, contract, months)
    shown = (until or contract.due_on) + timedelta(days=scene.chance.choice([0, 0, 0, 0, 1]))
    asked: dict[str, Any] = {"contract": contract, "months": months, "until": shown, "form": uuid4()}

    def act() -> str:
        on: dict[str, Any] = {"on": scene.clock.today, "now": scene.clock.now}
        done = prolong_for_free(**asked, **on)
        if price != ZERO or shown != until:
            raise BrokenPromiseError(f"{contract.number} was prolonged for nothing, at {price} until {until}")
        if not prolong_for_free(**asked, **on).replayed:
            raise BrokenPromiseError("the same form prolonged twice")
        return f"until {done.operation.term_after}"

    return Plan(f"{contract.number} is prolonged by {months} months for nothing", act)


def _term(scene: "Scene", contract: Contract, months: int) -> tuple[date | None, Money | None]:
    """Until when it would be, and at what price, today."""
    try:
        quote = quote_contract(contract=contract, act=Act.PROLONG, on=scene.clock.today, months=months)
    except NotPossibleError:
        return None, None
    return quote.until, quote.total


def begin_to_pay(scene: "Scene", town: Town) -> Plan:
    """The same basket may be paid twice, and the same form sent for another basket."""
    if not town.baskets:
        return NOTHING
    # Taken out of the list, most of the time: the same basket may be paid again.
    client, quote = town.baskets[-1] if scene.chance.happens(0.3) else town.baskets.pop()
    used = town.forms and scene.chance.happens(0.1)
    form = scene.chance.choice(town.forms) if used else uuid4()
    return Plan(f"{client.number} pays {quote.total}", lambda: _begin(scene, town, client, quote, form))


def _begin(scene: "Scene", town: Town, client: Client, quote: Quote, form: UUID) -> str:
    town.forms = [*town.forms[-KEPT:], form]
    try:
        started = start_payment(client=client, quote=quote, form=form, now=scene.clock.now)
        if scene.chance.happens(0.15):
            again = start_payment(client=client, quote=quote, form=form, now=scene.clock.now)
            if again.payment != started.payment:
                raise BrokenPromiseError(f"the form {form} began two payments")
    except PriceChangedError as changed:
        town.baskets = [*town.baskets[-KEPT:], (client, changed.quote)]
        raise
    except FormUsedError:
        return "the form was another payment's"
    return "sent to the bank" if started.address else "nothing left to do there"


def on_the_banks_page(scene: "Scene", town: Town) -> Plan:
    """Accepted, refused, another sum; who leaves is whoever never comes here."""
    now = scene.clock.now
    found = [
        each
        for each in town.book.charges.values()
        if each.begun and each.said is Said.OPEN and each.order.expires_at > now
    ]
    if not found:
        return NOTHING
    charge = scene.chance.choice(found)
    return Plan(f"at the bank, an order of {charge.order.amount}", lambda: play(scene, town, charge))


def play(scene: "Scene", town: Town, charge: Charge) -> str:
    """The card is charged, or not; what is said of it arrives later, twice, in any order, or never.

    What nobody would ask the bank about is never lost: before its page is known, and a second capture.
    """
    scene.charged += 1
    chance, now = scene.chance, scene.clock.now
    if chance.happens(0.12):
        charge.said, charge.at = Said.REFUSED, now
        _say(scene, town, charge, sure=False)
        return "refused"
    if chance.happens(0.25):
        # A first card, on a page that stays open for another one.
        town.book.words.append(town.book.write(said=Said.REFUSED, at=now, payment=charge.order.payment))
        if chance.happens(0.5):
            return "a first card is refused"
    return _capture(scene, town, charge)


def _capture(scene: "Scene", town: Town, charge: Charge) -> str:
    chance, order, now = scene.chance, charge.order.payment, scene.clock.now
    charge.said, charge.at, charge.capture = Said.CAPTURED, now, f"c-{order}"
    charge.amount = charge.order.amount
    if chance.happens(0.05):
        charge.amount = max(charge.amount + Money(chance.choice([-100, -1, 1, 500])), Money(1))
    town.book.captures[charge.capture] = Capture(order, charge.amount, now)
    twice = chance.happens(0.06)
    _say(scene, town, charge, sure=twice or not charge.begun)
    if twice:
        _capture_again(town, charge)
    return f"captured {charge.amount}"


def _capture_again(town: Town, charge: Charge) -> None:
    """A fault of the bank, which it tells of."""
    if charge.at is None:
        raise AssertionError("what ended has its moment")
    order, second = charge.order.payment, f"d-{charge.order.payment}"
    town.book.captures[second] = Capture(order, charge.amount, charge.at)
    told = town.book.write(
        said=Said.CAPTURED, at=charge.at, payment=order, capture=second, amount=charge.amount
    )
    town.book.words.append(told)


def _say(scene: "Scene", town: Town, charge: Charge, *, sure: bool) -> None:
    book = town.book
    if not sure and scene.chance.happens(0.15):
        return
    if charge.at is None:
        raise AssertionError("what ended has its moment")
    amount = charge.amount if charge.said is Said.CAPTURED else None
    word = book.write(
        said=charge.said, at=charge.at, payment=charge.order.payment, capture=charge.capture, amount=amount
    )
    book.words.append(word)
    if scene.chance.happens(0.2):
        book.words.append(word)
    if scene.chance.happens(0.1):
        # The same capture under the number of another event.
        book.words.append(
            book.write(
                said=charge.said,
                at=charge.at,
                payment=charge.order.payment,
                capture=charge.capture,
                amount=amount,
            )
        )

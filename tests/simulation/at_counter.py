"""What the staff of a caisse do: lend, take money, sell, pay out, block, place what was held."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from guichet.kernel.money import Money
from tenant_apps.pawn.domain.operations import at_counter
from tenant_apps.pawn.domain.possible import Act, BlockKind
from tenant_apps.pawn.domain.states import ENDED
from tenant_apps.pawn.models import Block, Contract
from tenant_apps.pawn.services.announce_sale import announce_sale
from tenant_apps.pawn.services.block_contract import block_contract, unblock_contract
from tenant_apps.pawn.services.correct_sale import correct_sale
from tenant_apps.pawn.services.doing import Done
from tenant_apps.pawn.services.errors import NotPossibleError, OperationReusedError
from tenant_apps.pawn.services.fetch_object import fetch_object
from tenant_apps.pawn.services.note_notice import note_notice
from tenant_apps.pawn.services.open_contract import Pledge, open_contract
from tenant_apps.pawn.services.pay_out_boni import boni_left, pay_out_boni
from tenant_apps.pawn.services.pay_part import pay_part
from tenant_apps.pawn.services.prolong_contract import prolong_contract
from tenant_apps.pawn.services.quote import quote_contract
from tenant_apps.pawn.services.record_sale import record_sale
from tenant_apps.pawn.services.redeem_contract import redeem_contract
from tenant_apps.pawn.services.withdraw_from_sale import withdraw_from_sale
from tenant_apps.payments.domain.states import LineState
from tenant_apps.payments.models import PaymentLine
from tenant_apps.payments.services.held import apply_held, refund_held
from tests.simulation.plans import NOTHING, BrokenPromiseError, Plan
from tests.simulation.towns import Town

if TYPE_CHECKING:
    from tests.simulation.scene import Scene

LIVING = [state for state in Contract.State.values if state not in {each.value for each in ENDED}]
MOST_LIVING = 20
AGAIN, CHANGED = 0.15, 0.1


def one_contract(scene: "Scene", *states: str) -> Contract | None:
    """Of the current caisse, in one of these states."""
    found = list(Contract.objects.filter(state__in=states, tariff__isnull=False).order_by("id"))
    return scene.chance.choice(found) if found else None


def lend(scene: "Scene", town: Town) -> Plan:
    if Contract.objects.filter(state__in=LIVING).count() > MOST_LIVING:
        return NOTHING
    client = scene.chance.choice(town.clients)
    lent = Money(100 * scene.chance.choice([20, 90, 100, 101, 125, 126, 300, 800, 1500, 2500]))
    worth = Money(lent.cents * scene.chance.choice([1, 2, 2, 3, 3]))
    words: dict[str, Any] = {
        "client": client,
        "objects": [Pledge(category="watch", description="Montre", appraisal=worth)],
        "lent": lent,
        "months": scene.chance.choice(town.months),
        "kept_at": town.schema,
    }
    return act_of(scene, town, f"lend {lent} to {client.number}", open_contract, words)


def take_money(scene: "Scene", town: Town) -> Plan:
    contract = one_contract(scene, *LIVING)
    return money_for(scene, town, contract) if contract else NOTHING


def money_for(scene: "Scene", town: Town, contract: Contract) -> Plan:
    """Prolong, pay a part or redeem, at the price of today; one time in twenty the cash is short."""
    kind = scene.chance.choices([Act.PROLONG, Act.PAY_PART, Act.REDEEM], [2, 6, 2])[0]
    asked: dict[str, Any] = {}
    if kind is Act.PROLONG:
        asked["months"] = scene.chance.choice(town.longer)
    if kind is Act.PAY_PART:
        asked["amount"] = part_of(scene, contract)
    words = f"{kind} {contract.number} at the counter"
    try:
        price = quote_contract(contract=contract, act=kind, on=scene.clock.today, **asked).total
    except NotPossibleError as refusal:
        why = refusal.why
        return Plan(words, lambda: f"not today, {why}")
    paid = price - Money(1) if scene.chance.happens(0.05) and kind is not Act.PAY_PART else price
    services: dict[Act, tuple[Callable[..., Done], dict[str, Any]]] = {
        Act.PROLONG: (prolong_contract, {"months": asked.get("months")}),
        Act.PAY_PART: (pay_part, {}),
        Act.REDEEM: (redeem_contract, {}),
    }
    service, more = services[kind]
    return act_of(scene, town, f"{words}, {paid}", service, {"contract": contract, "paid": paid, **more})


def part_of(scene: "Scene", contract: Contract) -> Money:
    """Mostly little, so that a loan has a history; now and then more than there is to pay."""
    most = contract.amount_lent.cents * scene.chance.choice([5, 20, 20, 110]) // 100
    return Money(scene.chance.randrange(100, max(most, 200)))


def announce(scene: "Scene", town: Town) -> Plan:
    contract = one_contract(scene, *LIVING)
    if contract is None:
        return NOTHING
    sale_on = scene.clock.today + timedelta(days=scene.chance.choice([3, 9, 10, 15, 20, 40]))
    requested = scene.chance.happens(0.4)
    words = {"contract": contract, "sale_on": sale_on, "requested": requested}
    return act_of(scene, town, f"announce {contract.number} for {sale_on}", announce_sale, words)


def withdraw(scene: "Scene", town: Town) -> Plan:
    contract = one_contract(scene, "for_sale")
    if contract is None:
        return NOTHING
    words = {"contract": contract, "charged": scene.chance.happens(0.5)}
    return act_of(scene, town, f"withdraw {contract.number}", withdraw_from_sale, words)


def sell(scene: "Scene", town: Town) -> Plan:
    """Now and then what was announced too lately, or sold already."""
    states = ("for_sale",) if scene.chance.happens(0.8) else tuple(Contract.State.values)
    contract = one_contract(scene, *states)
    if contract is None:
        return NOTHING
    price = Money(contract.amount_lent.cents * scene.chance.randrange(0, 300) // 100)
    words = {"contract": contract, "hammer_price": price}
    return act_of(scene, town, f"sell {contract.number} for {price}", record_sale, words)


def correct(scene: "Scene", town: Town) -> Plan:
    """Now and then of one that was told, or paid out."""
    states = ("sold", "boni_available") if scene.chance.happens(0.8) else tuple(Contract.State.values)
    contract = one_contract(scene, *states)
    if contract is None:
        return NOTHING
    price = Money(contract.amount_lent.cents * scene.chance.randrange(0, 300) // 100)
    sale = getattr(contract, "sale", None)
    was = sale.hammer_price if sale else Money()
    words = {"contract": contract, "hammer_price": price, "was": was, "reason": "other: essai"}
    return act_of(scene, town, f"correct the sale of {contract.number} to {price}", correct_sale, words)


def pay_boni(scene: "Scene", town: Town) -> Plan:
    contract = one_contract(scene, "boni_available", "boni_claimed")
    if contract is None:
        return NOTHING
    words = {
        "contract": contract,
        "document": "passport",
        "surety": scene.chance.happens(0.5),
        "left": boni_left(contract=contract),
    }
    return act_of(scene, town, f"pay the boni of {contract.number}", pay_out_boni, words)


def hand_over(scene: "Scene", town: Town) -> Plan:
    contract = one_contract(scene, "redeemed")
    if contract is None:
        return NOTHING
    agreed = scene.chance.happens(0.3)
    words = {"contract": contract, "name": "Essai", "document": "passport", "agreed": agreed}
    return act_of(scene, town, f"hand over {contract.number}", fetch_object, words)


def block(scene: "Scene", town: Town) -> Plan:
    contract = one_contract(scene, *Contract.State.values)
    if contract is None:
        return NOTHING
    kind = scene.chance.choice(list(BlockKind))
    words = {"contract": contract, "kind": kind, "reason": "other: essai"}
    return act_of(scene, town, f"block {contract.number} {kind}", block_contract, words)


def unblock(scene: "Scene", town: Town) -> Plan:
    found = list(Block.objects.filter(until__isnull=True).select_related("contract").order_by("id"))
    if not found:
        return NOTHING
    one = scene.chance.choice(found)
    words = {"contract": one.contract, "kind": BlockKind(one.kind), "reason": "other: essai"}
    return act_of(scene, town, f"unblock {one.contract.number} {one.kind}", unblock_contract, words)


def notify(scene: "Scene", town: Town) -> Plan:
    """What is written to a client is charged once, however often it is noted."""
    contract = one_contract(scene, *LIVING, "boni_available")
    if contract is None:
        return NOTHING
    kind = "boni" if contract.state == "boni_available" else scene.chance.choice(["due_soon", "due"])
    noted = partial(
        note_notice,
        contract=contract,
        kind=kind,
        about=contract.due_on,
        channel="letter",
        message=None,
        charged=True,
        on=scene.clock.today,
        now=scene.clock.now,
    )
    return Plan(f"write to the client of {contract.number}, {kind}", lambda: str(noted()))


def place_held(scene: "Scene", town: Town) -> Plan:
    """A sum that waits: try again, or give it back."""
    lines = PaymentLine.objects.filter(state=LineState.HELD).select_related("payment").order_by("id")
    found = list(lines)
    if not found:
        return NOTHING
    return place(scene, town, scene.chance.choice(found))


def place(scene: "Scene", town: Town, line: PaymentLine, *, give_back: bool | None = None) -> Plan:
    back = scene.chance.happens(0.6) if give_back is None else give_back
    service = refund_held if back else apply_held
    act = partial(
        service,
        payment=line.payment.uuid,
        position=line.position,
        by=town.staff,
        reason="essai",
        now=scene.clock.now,
    )
    return Plan(f"{service.__name__} {line.payment.pk}/{line.position}", lambda: str(act()))


def act_of(
    scene: "Scene", town: Town, words: str, service: Callable[..., Done], asked: dict[str, Any]
) -> Plan:
    """With a form's number; some forms are sent twice, some again with another content."""
    operation = uuid4()
    common = {
        **asked,
        "operation": operation,
        "origin": at_counter(by=town.staff),
        "on": scene.clock.today,
        "now": scene.clock.now,
    }
    again, changed = scene.chance.happens(AGAIN), scene.chance.happens(CHANGED)

    def act() -> str:
        done = service(**common)
        _into_the_till(town, done)
        if again and not service(**common).replayed:
            raise BrokenPromiseError(f"the form {operation} served twice")
        if changed:
            _refused_with_another_content(service, common, operation)
        return "done"

    return Plan(words, act)


def _into_the_till(town: Town, done: Done) -> None:
    """What a bank has back was never in it."""
    taken = done.operation.takes_back
    if not done.replayed and (taken is None or taken.payment is None):
        town.till[done.operation.kind] += done.operation.amount.cents


def _refused_with_another_content(
    service: Callable[..., Done], asked: dict[str, Any], operation: UUID
) -> None:
    """Another person of the agency is another content, whatever the act."""
    try:
        service(**{**asked, "origin": at_counter(by=uuid4())})
    except OperationReusedError:
        return
    raise BrokenPromiseError(f"the form {operation} served with another content")


def contract_named(uuid: UUID) -> Contract | None:
    return Contract.objects.filter(uuid=uuid).first()

"""Lend money on objects: within the law's maxima, at the tariff of the day, once."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from guichet.kernel.money import Money, total
from tenant_apps.clients.models import Client
from tenant_apps.pawn.domain.law import MetalValue, ceiling_of
from tenant_apps.pawn.domain.operations import OperationKind, Origin, Part
from tenant_apps.pawn.domain.tariffs.debt import RefusedError, Simulation, simulate
from tenant_apps.pawn.domain.tariffs.document import SignOff
from tenant_apps.pawn.domain.tariffs.signing import Compared, compared, is_signed_for
from tenant_apps.pawn.loans import metal_value
from tenant_apps.pawn.models import Contract, Operation, PledgedObject, Tariff
from tenant_apps.pawn.photo_files import PhotoFiles, photo_files
from tenant_apps.pawn.services.contract_numbers import locked_series, next_number
from tenant_apps.pawn.services.doing import (
    Asked,
    Done,
    Moved,
    fingerprint_of,
    moved_by,
    write_operation,
)
from tenant_apps.pawn.services.errors import CannotLendError, OperationReusedError, WhyNotLent
from tenant_apps.pawn.tariffs.selectors import NoTariffError, computed, tariff_in_force
from tenants.policy.current import current_policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """One object as it comes over the counter. `metal`: where it is lent on its weight; `photo`: a picture's bytes."""

    category: str
    description: str
    appraisal: Money
    weight_grams: Decimal | None = None
    fineness: int | None = None
    metal: str = ""
    is_new: bool = False
    invoice_seen: bool = False
    photo: bytes = b""
    photo_suffix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a loan would be: by which tariff, what it costs, what the law lets be lent on each object."""

    tariff: Tariff
    simulation: Simulation
    usury: Compared
    ceilings: tuple[Money, ...]
    values: tuple[MetalValue | None, ...]


def most_to_lend(*, objects: Sequence[Pledge], on: date) -> tuple[tuple[Money, MetalValue | None], ...]:
    """By object, the law's maximum and the value by weight it comes from. Raises CannotLendError."""
    if not objects:
        raise CannotLendError(WhyNotLent.NO_OBJECT)
    _refuse_new_goods(objects)
    return tuple(_most(each, on) for each in objects)


def _refuse_new_goods(objects: Sequence[Pledge]) -> None:
    """As the caisse has decided: the law lets them be pledged, and waits with their sale (CMF D514-15)."""
    new = [each for each in objects if each.is_new]
    if new and current_policy().pawn.new_goods == "refused":
        raise CannotLendError(WhyNotLent.NEW_GOODS)
    if not all(each.invoice_seen for each in new):
        raise CannotLendError(WhyNotLent.NO_INVOICE)


def _most(pledge: Pledge, on: date) -> tuple[Money, MetalValue | None]:
    value = None
    if pledge.metal:
        value = metal_value(
            metal=pledge.metal,
            grams=pledge.weight_grams,
            fineness=pledge.fineness,
            on=on,
            policy=current_policy(),
        )
        if value is None:
            raise CannotLendError(WhyNotLent.NO_METAL_PRICE)
    return ceiling_of(appraisal=pledge.appraisal, metal=value), value


def offer_for(*, objects: Sequence[Pledge], lent: Money, months: int, on: date) -> Offer:
    """Nothing is written. Raises CannotLendError."""
    most = most_to_lend(objects=objects, on=on)
    ceiling = total(each for each, _ in most)
    if lent > ceiling:
        raise CannotLendError(WhyNotLent.ABOVE_THE_LAW, most=ceiling)
    try:
        tariff = tariff_in_force(on=on)
    except NoTariffError as error:
        raise CannotLendError(WhyNotLent.NO_TARIFF) from error
    ready = computed(uuid=tariff.uuid)
    try:
        simulation = simulate(tariff=ready, capital=lent, start=on, months=months)
    except RefusedError as error:
        amounts = ready.document.amounts
        raise CannotLendError(
            WhyNotLent(error.refusal.value),
            least=amounts.least,
            greatest=amounts.greatest,
            step=amounts.step,
        ) from error
    return Offer(
        tariff=tariff,
        simulation=simulation,
        usury=_lawful(simulation, ready.document.usury_sign_off),
        ceilings=tuple(each for each, _ in most),
        values=tuple(value for _, value in most),
    )


def _lawful(found: Simulation, sign_off: SignOff | None) -> Compared:
    """At the ceiling of the day (Code de la consommation L314-6). Where it is not known yet, what stays well below the
    last known may be signed; what is near it waits for the ceiling.
    """
    usury = compared(found)
    if (usury.breaches or usury.too_near) and not is_signed_for(found, sign_off):
        raise CannotLendError(WhyNotLent.ABOVE_USURY if usury.breaches else WhyNotLent.USURY_UNKNOWN)
    return usury


def open_contract(
    *,
    client: Client,
    objects: Sequence[Pledge],
    lent: Money,
    months: int,
    kept_at: str,
    operation: UUID,
    origin: Origin,
    on: date,
    now: datetime,
    agreed: Callable[[Offer], None] | None = None,
) -> Done:
    """The money leaves the till; the way in of the client is for `give_access`.

    `agreed` is told what is about to be opened, under the lock, and raises where something else was signed.
    Raises CannotLendError, OperationReusedError.
    """
    content = [client.uuid, *map(_plain, objects), lent, months, kept_at]
    asked = Asked(
        kind=OperationKind.OPENED, operation=operation, content=content, origin=origin, on=on, now=now
    )
    pawn = current_policy().pawn
    with photo_files() as files, transaction.atomic():
        # The same form twice at once: the second waits here, then finds the first.
        series = locked_series(on=on, pawn=pawn)
        if found := _opened_before(asked):
            return found
        offer = offer_for(objects=objects, lent=lent, months=months, on=on)
        if agreed:
            agreed(offer)
        contract = _written(client, offer, kept_at, next_number(series=series, on=on, pawn=pawn), objects)
        _keep_objects(contract, objects, offer, files)
        done = write_operation(contract=contract, asked=asked, moved=_handed_over(offer))
    return Done(contract=contract, operation=done)


def _handed_over(offer: Offer) -> list[Moved]:
    withheld = moved_by(lines=offer.simulation.withheld)
    lent = Moved(part=Part.LENT, amount=offer.simulation.loan.lent)
    return [lent, *(Moved(part=each.part, amount=-each.amount) for each in withheld)]


def _written(client: Client, offer: Offer, kept_at: str, number: str, objects: Sequence[Pledge]) -> Contract:
    loan = offer.simulation.loan
    return Contract.objects.create(
        number=number,
        client=client,
        tariff=offer.tariff,
        kept_at=kept_at,
        amount_lent=loan.lent,
        opened_on=loan.start,
        due_on=loan.term,
        first_term=loan.term,
        capital=loan.lent,
        appraisal=total(each.appraisal for each in objects),
    )


def _opened_before(asked: Asked) -> Done | None:
    found = Operation.objects.select_related("contract").filter(uuid=asked.operation).first()
    if found is None:
        return None
    if found.fingerprint != fingerprint_of(contract=found.contract, asked=asked):
        raise OperationReusedError
    return Done(contract=found.contract, operation=found, replayed=True)


def _plain(pledge: Pledge) -> str:
    """All of it but the picture's bytes, of which a digest is enough."""
    values = [getattr(pledge, each.name) for each in fields(pledge) if each.name != "photo"]
    return "|".join([*map(str, values), hashlib.sha256(pledge.photo).hexdigest()])


def _keep_objects(contract: Contract, objects: Sequence[Pledge], offer: Offer, files: PhotoFiles) -> None:
    for position, (pledge, most, value) in enumerate(
        zip(objects, offer.ceilings, offer.values, strict=True), start=1
    ):
        kept = PledgedObject(
            contract=contract,
            position=position,
            category=pledge.category,
            description=pledge.description,
            appraisal=pledge.appraisal,
            weight_grams=pledge.weight_grams,
            fineness=pledge.fineness,
            metal=pledge.metal,
            is_new=pledge.is_new,
            metal_price=value.price if value else None,
            most_lent=most,
        )
        if pledge.photo:
            files.put(pledged=kept, picture=pledge.photo, suffix=pledge.photo_suffix)
        kept.save()

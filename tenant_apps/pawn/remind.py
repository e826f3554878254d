"""Tell clients what the calendar brings, each thing once: the term, the grace, a sale, a boni."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from guichet.kernel.money import ZERO, total
from tenant_apps.pawn.domain.reminders import (
    NEWS,
    Cadence,
    Followed,
    NoticeKind,
    Told,
    is_awake,
    sale_told_from,
    to_tell,
)
from tenant_apps.pawn.domain.states import BY_DATE, State, state_by_date
from tenant_apps.pawn.loans import debt_of, still_done
from tenant_apps.pawn.models import Contract
from tenant_apps.pawn.selectors import contracts_to_tell, is_told
from tenant_apps.pawn.services.doing import locked_contract
from tenant_apps.pawn.services.fees import acts_of_notice, fees_of
from tenant_apps.pawn.services.note_notice import is_charged, note_notice
from tenant_apps.pawn.services.one_by_one import in_pieces, one_by_one
from tenant_apps.pawn.services.pay_out_boni import boni_left
from tenant_apps.pawn.tell import ToTell, channel_for, tell
from tenants.policy.current import current_policy
from tenants.policy.document import Policy

A_PIECE = 200


def remind(*, now: datetime) -> int:
    """How many notices left. Run twice, or by two workers at once, each is told once; at night, nothing is.

    A mirrored contract is told of by the system that keeps it.
    """
    if not is_awake(timezone.localtime(now).time()):
        return 0
    on = timezone.localdate(now)
    soonest = on + max(current_policy().pawn.remind_before, default=timedelta())
    followed = in_pieces(
        found=lambda last, limit: contracts_to_tell(due_until=soonest, after=last, limit=limit), limit=A_PIECE
    )
    return one_by_one(contracts=followed, act=lambda each: _tell_all(each, on, now), job="pawn.remind")


def _tell_all(seen: Contract, on: date, now: datetime) -> int:
    policy = current_policy()
    if all(is_told(contract=seen, told=each) for each in due_to_tell(contract=seen, on=on, policy=policy)):
        return 0
    # Looked at again under its lock: it may have been paid, or told by another worker.
    contract = locked_contract(contract=seen)
    return sum(
        _tell(contract, each, on, now) for each in due_to_tell(contract=contract, on=on, policy=policy)
    )


def due_to_tell(*, contract: Contract, on: date, policy: Policy) -> tuple[Told, ...]:
    """What a day brings to tell of a contract as its row stands, told already or not."""
    pawn = policy.pawn
    state = State(contract.state)
    if state in BY_DATE:
        state = state_by_date(term=contract.due_on, on=on, due_for=pawn.due_for)
    sale = getattr(contract, "sale", None)
    prolonged = [each.on for each in still_done(contract.operations.all()) if each.term_after is not None]
    followed = Followed(
        state=state,
        since=max([contract.opened_on, *prolonged]),
        term=contract.due_on,
        sale_on=contract.sale_on,
        sold_on=sale.sold_on if sale else None,
        recorded_on=timezone.localdate(sale.operation.at) if sale else None,
        notice_on=sale.notice_on if sale else None,
        lapses_on=sale.lapses_on if sale else None,
    )
    cadence = Cadence(before=pawn.remind_before, due_for=pawn.due_for, boni_before=pawn.remind_boni_before)
    return to_tell(followed=followed, cadence=cadence, on=on)


def _tell(contract: Contract, told: Told, on: date, now: datetime) -> bool:
    channel = channel_for(contract=contract, kind=told.kind)
    if not channel or is_told(contract=contract, told=told):
        return False
    message = tell(told=_numbers(contract, told, on, now), channel=channel)
    return note_notice(
        contract=contract,
        kind=told.kind,
        about=told.about,
        channel=channel,
        message=message,
        charged=is_charged(channel=channel),
        on=on,
        now=now,
    )


def _numbers(contract: Contract, told: Told, on: date, now: datetime) -> ToTell:
    """With what the notice itself costs: its words are read after it was charged."""
    fees = fees_of(contract=contract, acts=acts_of_notice(kind=told.kind, contract=contract), on=on)
    cost = total(each.amount for each in fees)
    owed, sale = debt_of(contract=contract, on=on), getattr(contract, "sale", None)
    days = {
        NoticeKind.SALE: contract.sale_on,
        NoticeKind.SOLD: sale.sold_on if sale else None,
        NoticeKind.BONI: sale.lapses_on if sale else None,
        NoticeKind.LAPSING: sale.lapses_on if sale else None,
    }
    return ToTell(
        kind=told.kind,
        contract=contract,
        now=now,
        day=days.get(told.kind) or contract.due_on,
        due=owed.total + cost if owed else ZERO,
        boni=max(boni_left(contract=contract) - cost, ZERO) if sale and sale.boni else ZERO,
        before=_expected_until_now(contract) if told.kind is NoticeKind.SALE else None,
    )


@dataclass(frozen=True, slots=True)
class WillBeTold:
    """What a sale is told by, and from which day. `channel`: empty where nothing reaches the client."""

    channel: str
    since: date


def sale_will_be_told(*, contract: Contract, sold_on: date, on: date) -> WillBeTold | None:
    """Of one that is recorded on the day `on`; None of one that is too old to be told."""
    since = sale_told_from(recorded_on=on)
    if since >= sold_on + NEWS:
        return None
    return WillBeTold(channel_for(contract=contract, kind=NoticeKind.SOLD), since)


def _expected_until_now(contract: Contract) -> date | None:
    """The day of an earlier announcement that the client was told of, and that had not come when this one was made."""
    since, ahead = contract.announced_on, contract.sale_on
    told = [each.about for each in contract.notices.all() if each.kind == NoticeKind.SALE]
    return max((day for day in told if since and day >= since and day != ahead), default=None)

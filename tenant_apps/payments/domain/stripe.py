"""What Stripe says, in its published shapes, read into ours."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from guichet.kernel.money import ZERO, Money
from tenant_apps.payments.domain.outcomes import Dispute, Event, Outcome, Said

CURRENCY = "eur"
LONGEST_NAME = 200
_OF_REFUNDS = {"refund.created", "refund.updated", "refund.failed", "charge.refund.updated"}
_REFUNDS: Mapping[str, Said] = {
    "succeeded": Said.REFUND_DONE,
    "pending": Said.REFUND_SENT,
    "requires_action": Said.REFUND_SENT,
    "failed": Said.REFUND_FAILED,
    "canceled": Said.REFUND_FAILED,
}


def read_event(body: bytes) -> Event:
    """Of a webhook whose signature is right; a kind that says nothing of a payment is read so. Raises ValueError."""
    try:
        said: dict[str, Any] = json.loads(body)
        kind, thing = str(said["type"]), dict(said["data"]["object"])
        at = datetime.fromtimestamp(int(said["created"]), tz=UTC)
        name = _name(said["id"])
        return Event(
            id=name,
            outcome=_outcome(kind, thing, at),
            payment=None if kind in _OF_REFUNDS else uuid_in(thing.get("metadata"), "payment"),
            refund=uuid_in(thing.get("metadata"), "refund") if kind in _OF_REFUNDS else None,
            dispute=_dispute(kind, thing),
        )
    except (KeyError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError("no event of Stripe") from error


def outcome_of_session(session: Mapping[str, Any], *, at: datetime) -> Outcome:
    """Of a Checkout session; its payment intent may be a name, or stand there whole. Raises ValueError."""
    if session["payment_status"] == "paid":
        _check_currency(session)
        intent = session["payment_intent"]
        return Outcome(
            said=Said.CAPTURED,
            at=_charged_at(intent) or at,
            capture=_name(intent if isinstance(intent, str) else intent["id"]),
            amount=_sum(session["amount_total"]),
        )
    return Outcome(said=Said.EXPIRED if session["status"] == "expired" else Said.OPEN, at=at)


def uuid_in(metadata: Any, name: str) -> UUID | None:
    """What we told Stripe ourselves; None for what is not of our making."""
    try:
        return UUID(str(metadata[name]))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _outcome(kind: str, thing: dict[str, Any], at: datetime) -> Outcome:
    if kind in _OF_REFUNDS:
        return Outcome(said=_REFUNDS[str(thing["status"])], at=at, capture=str(thing["id"]))
    if kind == "payment_intent.succeeded":
        _check_currency(thing)
        # A stand-in of Stripe writes the sum that was asked only; ours is always captured whole.
        amount = _sum(thing.get("amount_received", thing["amount"]))
        return Outcome(said=Said.CAPTURED, at=at, capture=_name(thing["id"]), amount=amount)
    if kind == "checkout.session.async_payment_failed":
        return Outcome(said=Said.REFUSED, at=at)
    # A card that is refused on the page (payment_intent.payment_failed) ends nothing: another may be tried there.
    if kind.startswith("checkout.session."):
        return outcome_of_session(thing, at=at)
    return Outcome(said=Said.OPEN, at=at)


def _dispute(kind: str, thing: Mapping[str, Any]) -> Dispute | None:
    """Evidence that is asked for, or sent, changes nothing of who keeps the money."""
    if kind not in ("charge.dispute.created", "charge.dispute.closed") or not thing.get("payment_intent"):
        return None
    _check_currency(thing)
    ended: Literal["dispute_won", "dispute_lost"] = (
        "dispute_lost" if thing["status"] == "lost" else "dispute_won"
    )
    return Dispute(
        capture=str(thing["payment_intent"]),
        amount=_sum(thing["amount"]),
        how="disputed" if kind.endswith("created") else ended,
        answer_by=_answer_by(thing) if kind.endswith("created") else None,
    )


def _answer_by(thing: Mapping[str, Any]) -> datetime | None:
    """Stripe writes none where nothing can be answered any more."""
    said = thing.get("evidence_details")
    due = said.get("due_by") if isinstance(said, Mapping) else None
    return None if due is None else datetime.fromtimestamp(int(due), tz=UTC)


def _name(said: Any) -> str:
    """What Stripe calls a thing: something, and no longer than its column."""
    if not isinstance(said, str) or not 0 < len(said) <= LONGEST_NAME:
        raise ValueError("no name of Stripe's")
    return said


def _sum(said: Any) -> Money:
    """In cents, and more than nothing."""
    amount = Money(int(said))
    if amount <= ZERO:
        raise ValueError("nothing was captured")
    return amount


def _check_currency(thing: Mapping[str, Any]) -> None:
    """So many yen are not so many cents. A stand-in of Stripe may leave the currency out."""
    if thing.get("currency", CURRENCY) != CURRENCY:
        raise ValueError("what was captured is not in euros")


def _charged_at(intent: Any) -> datetime | None:
    charge = intent.get("latest_charge") if isinstance(intent, Mapping) else None
    created = charge.get("created") if isinstance(charge, Mapping) else None
    return None if created is None else datetime.fromtimestamp(int(created), tz=UTC)

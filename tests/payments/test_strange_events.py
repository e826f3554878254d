"""Signed, and strange all the same: whatever stands in a webhook, it is read or refused as unreadable, never half."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from tenant_apps.payments.domain.outcomes import Event, Said
from tenant_apps.payments.domain.stripe import LONGEST_NAME, read_event
from tests.payments.conftest import ONE
from tests.payments.test_stripe import event

EVENTS: dict[str, Any] = {
    "checkout.session.completed": {
        "id": "cs_1",
        "payment_status": "paid",
        "status": "complete",
        "currency": "eur",
        "amount_total": 1500,
        "payment_intent": "pi_1",
        "metadata": {"payment": str(ONE)},
    },
    "payment_intent.succeeded": {
        "id": "pi_1",
        "currency": "eur",
        "amount": 1500,
        "amount_received": 1500,
        "metadata": {"payment": str(ONE)},
    },
    "refund.updated": {"id": "re_1", "status": "succeeded", "metadata": {"refund": str(ONE)}},
    "charge.dispute.created": {
        "id": "dp_1",
        "payment_intent": "pi_1",
        "amount": 1500,
        "currency": "eur",
        "status": "needs_response",
        "evidence_details": {"due_by": 1790000000},
    },
}
STRANGE: tuple[Any, ...] = (
    None,
    0,
    -1,
    -1500,
    1e308,
    "",
    [],
    {},
    True,
    "x" * 5000,
    10**30,
    "eur ",
    {"id": None},
    {"id": ""},
)


def twisted(body: dict[str, Any]) -> Iterator[bytes]:
    """Each of its values replaced by each strange one, and left out."""
    for path in _paths(body):
        for value in (*STRANGE, ...):
            found = deepcopy(body)
            place = found
            for key in path[:-1]:
                place = place[key]
            if value is ...:
                del place[path[-1]]
            else:
                place[path[-1]] = value
            yield json.dumps(found).encode()


def _paths(body: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in body.items():
        yield (*above, key)
        if isinstance(value, dict):
            yield from _paths(value, (*above, key))


@pytest.mark.parametrize("kind", EVENTS)
def test_a_strange_event_is_refused_or_read_whole(kind: str) -> None:
    read = 0
    for body in twisted(json.loads(event(kind, EVENTS[kind]))):
        try:
            found = read_event(body)
        except ValueError:
            continue
        read += 1
        assert _is_whole(found), body[:300]
    assert read


def _is_whole(found: Event) -> bool:
    """What its columns take."""
    if not 0 < len(found.id) <= LONGEST_NAME:
        return False
    if found.dispute is not None and found.dispute.amount.cents <= 0:
        return False
    if found.outcome.said is not Said.CAPTURED:
        return True
    amount = found.outcome.amount
    return amount is not None and amount.cents > 0 and 0 < len(found.outcome.capture) <= LONGEST_NAME


@pytest.mark.parametrize("body", [b"[]", b"1", b"null", b'"x"', b"{}", b"\xff", b"[" * 100_000])
def test_what_is_no_event_at_all_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"no event|codec"):
        read_event(body)

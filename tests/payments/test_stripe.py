"""Stripe through its SDK: what is asked, what is read of the answers, and no key in any error."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from guichet.kernel.money import Money
from tenant_apps.payments.domain.outcomes import Order, Said
from tenant_apps.payments.providers.port import ProviderError, UnreadableError, UnsignedError
from tenant_apps.payments.providers.stripe import StripeProvider
from tenants.models import Caisse
from tenants.policy.models import CaisseSecret
from tenants.policy.secrets import set_secret
from tests.payments.stripe_stand_in import StandIn, listed, standing_in
from tests.world import NOON

KEY, SIGNS = "sk_test_invented", "whsec_invented"
PAYMENT, REFUND = (UUID(f"00000000-0000-4000-8000-00000000000{number}") for number in (1, 2))
SESSIONS, REFUNDS = "/v1/checkout/sessions", "/v1/refunds"


@pytest.fixture(autouse=True)
def _keys(in_alpha: Caisse) -> None:
    set_secret(name="payments.key", value=KEY, by="tests", at=NOON)
    set_secret(name="payments.webhook", value=SIGNS, by="tests", at=NOON)


@pytest.fixture
def stripe_here() -> Iterator[StandIn]:
    with standing_in() as found:
        yield found


def order() -> Order:
    return Order(
        payment=PAYMENT,
        amount=Money.of("45.50"),
        words="Intérêts",
        back="https://nimes.example.org/paiements/1/",
        cancel="https://nimes.example.org/paiements/1/retour/",
        language="fr",
        expires_at=NOON + timedelta(minutes=40),
    )


def session(**more: Any) -> dict[str, Any]:
    return {
        "id": "cs_1",
        "object": "checkout.session",
        "url": "https://checkout.stripe.com/c/pay/cs_1",
        "status": "open",
        "payment_status": "unpaid",
        "payment_intent": None,
        "amount_total": 4550,
        "metadata": {"payment": str(PAYMENT)},
        **more,
    }


def refund(**more: Any) -> dict[str, Any]:
    return {
        "id": "re_1",
        "object": "refund",
        "amount": 4550,
        "status": "succeeded",
        "created": int(NOON.timestamp()),
        "metadata": {"refund": str(REFUND)},
        **more,
    }


def test_a_payment_begins_at_stripes_own_page(stripe_here: StandIn) -> None:
    stripe_here.answers[f"POST {SESSIONS}"] = (200, session())
    begun = StripeProvider(stripe_here.entry).start(order())
    assert (begun.address, begun.reference) == ("https://checkout.stripe.com/c/pay/cs_1", "cs_1")
    ((_place, asked, headers),) = stripe_here.asked
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert headers["Idempotency-Key"] == f"start-{PAYMENT}"
    assert asked["line_items[0][price_data][unit_amount]"] == ["4550"]
    assert asked["line_items[0][price_data][currency]"] == ["eur"]
    assert asked["payment_intent_data[metadata][payment]"] == [str(PAYMENT)]
    assert asked["success_url"] == ["https://nimes.example.org/paiements/1/"]


def test_a_page_that_the_list_does_not_allow_is_not_gone_to(stripe_here: StandIn) -> None:
    stripe_here.answers[f"POST {SESSIONS}"] = (
        200,
        session(url="https://checkout.stripe.com.example.org/pay"),
    )
    with pytest.raises(ProviderError, match="list allows"):
        StripeProvider(stripe_here.entry).start(order())


def test_no_error_says_the_key_or_what_was_asked(stripe_here: StandIn) -> None:
    stripe_here.answers[f"POST {SESSIONS}"] = (
        401,
        {"error": {"type": "invalid_request_error", "message": f"Invalid API Key provided: {KEY}"}},
    )
    with pytest.raises(ProviderError) as refused:
        StripeProvider(stripe_here.entry).start(order())
    assert KEY not in repr(refused.value)
    assert refused.value.__cause__ is None


def test_a_redirect_is_not_followed(stripe_here: StandIn) -> None:
    stripe_here.answers[f"GET {SESSIONS}/cs_1"] = (302, f"http://127.0.0.1:{stripe_here.port}/elsewhere")
    with pytest.raises(ProviderError):
        StripeProvider(stripe_here.entry).status(reference="cs_1", now=NOON)
    assert "GET /elsewhere" not in stripe_here.paths()


@pytest.mark.parametrize("name", ["payments.key", "payments.webhook"])
def test_without_its_secret_nothing_is_asked_and_nothing_believed(stripe_here: StandIn, name: str) -> None:
    CaisseSecret.objects.filter(name=name).delete()
    if name == "payments.key":
        with pytest.raises(ProviderError, match=r"payments\.key"):
            StripeProvider(stripe_here.entry).start(order())
    else:
        with pytest.raises(UnsignedError):
            read(stripe_here, "checkout.session.completed", session())
    assert stripe_here.asked == []


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"status": "open"}, Said.OPEN),
        ({"status": "expired"}, Said.EXPIRED),
        (
            {
                "status": "complete",
                "payment_status": "paid",
                "payment_intent": {
                    "id": "pi_1",
                    "object": "payment_intent",
                    "latest_charge": {"id": "ch_1", "object": "charge", "created": int(NOON.timestamp())},
                },
            },
            Said.CAPTURED,
        ),
    ],
)
def test_a_payment_is_asked_for(stripe_here: StandIn, state: dict[str, Any], said: Said) -> None:
    stripe_here.answers[f"GET {SESSIONS}/cs_1"] = (200, session(**state))
    found = StripeProvider(stripe_here.entry).status(reference="cs_1", now=NOON + timedelta(hours=1))
    assert found.said is said
    if said is Said.CAPTURED:
        assert (found.capture, found.amount, found.at) == ("pi_1", Money.of("45.50"), NOON)


def signature(body: bytes, *, at: float | None = None, secret: str = SIGNS) -> dict[str, str]:
    """As Stripe writes it: the time, then the HMAC of time and body."""
    moment = int(at or time.time())
    signed = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={moment},v1={signed}"}


def event(kind: str, thing: Any) -> bytes:
    said = {
        "id": "evt_1",
        "object": "event",
        "type": kind,
        "created": int(NOON.timestamp()),
        "data": {"object": thing},
    }
    return json.dumps(said).encode()


def read(here: StandIn, kind: str, thing: Any) -> Any:
    body = event(kind, thing)
    return StripeProvider(here.entry).read(headers=signature(body), body=body, now=NOON)


def test_a_paid_session_is_a_capture(stripe_here: StandIn) -> None:
    paid = session(status="complete", payment_status="paid", payment_intent="pi_1")
    found = read(stripe_here, "checkout.session.completed", paid)
    assert (found.id, found.payment, found.refund) == ("evt_1", PAYMENT, None)
    assert (found.outcome.said, found.outcome.capture, found.outcome.amount) == (
        Said.CAPTURED,
        "pi_1",
        Money.of("45.50"),
    )
    assert found.outcome.at == NOON


@pytest.mark.parametrize(
    ("kind", "thing", "said"),
    [
        ("checkout.session.completed", session(status="complete"), Said.OPEN),
        ("checkout.session.expired", session(status="expired"), Said.EXPIRED),
        ("checkout.session.async_payment_failed", session(status="complete"), Said.REFUSED),
        # Another card may be tried on the page.
        ("payment_intent.payment_failed", {"id": "pi_1", "metadata": {"payment": str(PAYMENT)}}, Said.OPEN),
        ("customer.created", {"id": "cus_1"}, Said.OPEN),
        ("refund.updated", refund(), Said.REFUND_DONE),
        ("refund.created", refund(status="pending"), Said.REFUND_SENT),
        ("refund.failed", refund(status="failed"), Said.REFUND_FAILED),
    ],
)
def test_each_kind_of_event_is_read(stripe_here: StandIn, kind: str, thing: Any, said: Said) -> None:
    found = read(stripe_here, kind, thing)
    assert found.outcome.said is said
    assert (found.refund == REFUND) is kind.startswith("refund.")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Stripe-Signature": "x"},
        signature(event("x", {}), secret="whsec_other"),
        signature(event("x", {}), at=time.time() - 3600),
        signature(event("y", {})),
    ],
)
def test_what_stripe_did_not_sign_just_now_is_not_believed(
    stripe_here: StandIn, headers: dict[str, str]
) -> None:
    with pytest.raises(UnsignedError):
        StripeProvider(stripe_here.entry).read(headers=headers, body=event("x", {}), now=NOON)


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'{"type": 3}', b"\xff", event("refund.updated", {"id": "x"})]
)
def test_what_is_signed_and_cannot_be_read_is_refused_as_such(stripe_here: StandIn, body: bytes) -> None:
    with pytest.raises((UnreadableError, UnsignedError)):
        StripeProvider(stripe_here.entry).read(headers=signature(body), body=body, now=NOON)


def test_a_page_that_is_still_open_is_closed_and_nobody_pays_there_any_more(stripe_here: StandIn) -> None:
    stripe_here.answers[f"POST {SESSIONS}/cs_1/expire"] = (200, session(status="expired"))
    stripe_here.answers[f"GET {SESSIONS}/cs_1"] = (200, session(status="expired"))
    found = StripeProvider(stripe_here.entry).close(reference="cs_1", now=NOON)
    assert found.said is Said.EXPIRED
    assert stripe_here.paths() == [f"POST {SESSIONS}/cs_1/expire", f"GET {SESSIONS}/cs_1"]


def test_a_page_that_was_paid_cannot_be_closed_and_says_so(stripe_here: StandIn) -> None:
    error = {"type": "invalid_request_error", "message": "Only Checkout Sessions with a status in [open]"}
    stripe_here.answers[f"POST {SESSIONS}/cs_1/expire"] = (400, {"error": error})
    paid = session(status="complete", payment_status="paid", payment_intent="pi_1")
    stripe_here.answers[f"GET {SESSIONS}/cs_1"] = (200, paid)
    found = StripeProvider(stripe_here.entry).close(reference="cs_1", now=NOON)
    assert (found.said, found.capture, found.amount) == (Said.CAPTURED, "pi_1", Money.of("45.50"))


def test_a_page_that_cannot_be_closed_just_now_is_no_answer(stripe_here: StandIn) -> None:
    stripe_here.answers[f"POST {SESSIONS}/cs_1/expire"] = (500, {"error": {"type": "api_error"}})
    stripe_here.answers[f"GET {SESSIONS}/cs_1"] = (200, session())
    with pytest.raises(ProviderError):
        StripeProvider(stripe_here.entry).close(reference="cs_1", now=NOON)


def ask_refund(here: StandIn) -> Any:
    return StripeProvider(here.entry).refund(capture="pi_1", amount=Money.of("45.50"), refund=REFUND)


def test_a_refund_bears_our_number_and_is_made_once(stripe_here: StandIn) -> None:
    stripe_here.answers[f"GET {REFUNDS}"] = (200, listed(refund(metadata={"refund": str(PAYMENT)})))
    stripe_here.answers[f"POST {REFUNDS}"] = (200, refund(status="pending"))
    found = ask_refund(stripe_here)
    assert (found.reference, found.done, found.refused) == ("re_1", False, "")
    _place, asked, headers = stripe_here.asked[-1]
    assert (asked["amount"], asked["metadata[refund]"]) == (["4550"], [str(REFUND)])
    assert headers["Idempotency-Key"] == f"refund-{REFUND}"
    # Asked again long after: Stripe has forgotten the key, and its list has the refund.
    stripe_here.answers[f"GET {REFUNDS}"] = (200, listed(refund()))
    assert ask_refund(stripe_here).done
    assert stripe_here.paths().count(f"POST {REFUNDS}") == 1


def test_a_refund_that_stripe_will_never_make_is_told_from_one_to_ask_again(stripe_here: StandIn) -> None:
    stripe_here.answers[f"GET {REFUNDS}"] = (200, listed())
    error = {"type": "invalid_request_error", "code": "charge_already_refunded"}
    stripe_here.answers[f"POST {REFUNDS}"] = (400, {"error": error})
    assert ask_refund(stripe_here).refused == "charge_already_refunded"
    stripe_here.answers[f"POST {REFUNDS}"] = (402, {"error": {"type": "api_error"}})
    with pytest.raises(ProviderError):
        ask_refund(stripe_here)


def test_a_refund_under_way_is_asked_for(stripe_here: StandIn) -> None:
    stripe_here.answers[f"GET {REFUNDS}/re_1"] = (
        200,
        refund(status="failed", failure_reason="lost_or_stolen_card"),
    )
    found = StripeProvider(stripe_here.entry).refund_status(reference="re_1")
    assert found.refused == "lost_or_stolen_card"


def test_the_list_of_a_day_has_what_was_captured_and_given_back(stripe_here: StandIn) -> None:
    charge = {
        "id": "ch_1",
        "object": "charge",
        "status": "succeeded",
        "captured": True,
        "amount_captured": 4550,
        "created": int(NOON.timestamp()),
        "payment_intent": "pi_1",
        "metadata": {"payment": str(PAYMENT)},
    }
    stripe_here.answers["GET /v1/charges"] = (200, listed(charge, {**charge, "status": "failed"}))
    lost = refund(id="re_2", status="failed", metadata={})
    stripe_here.answers[f"GET {REFUNDS}"] = (200, listed(refund(), lost))
    begins, ends = NOON - timedelta(hours=12), NOON + timedelta(hours=12)
    found = StripeProvider(stripe_here.entry).operations(begins=begins, ends=ends)
    assert [(each.kind, each.reference, each.uuid, each.amount, each.at) for each in found] == [
        ("capture", "pi_1", PAYMENT, Money.of("45.50"), NOON),
        ("refund", "re_1", REFUND, Money.of("45.50"), datetime.fromtimestamp(NOON.timestamp(), tz=UTC)),
    ]
    asked = stripe_here.asked[0][1]
    assert asked["created[gte]"] == [str(int(begins.timestamp()))]
    assert asked["created[lt]"] == [str(int(ends.timestamp()))]

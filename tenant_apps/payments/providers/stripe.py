"""Stripe, through its own SDK: its hosted page, so that no script of a third party enters ours."""

import contextlib
import functools
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, ParamSpec, TypeVar
from uuid import UUID

import requests
import stripe
from stripe.params.checkout import SessionCreateParams

from guichet.kernel.money import Money
from guichet.kernel.sealing import SealBrokenError
from tenant_apps.payments.domain.outcomes import (
    Begun,
    Event,
    Operation,
    Order,
    Outcome,
    RefundAnswer,
)
from tenant_apps.payments.domain.providers import CardProvider, is_allowed
from tenant_apps.payments.domain.stripe import CURRENCY, outcome_of_session, read_event, uuid_in
from tenant_apps.payments.providers.port import (
    NotSetUpError,
    ProviderError,
    UnreadableError,
    UnsignedError,
)
from tenants.policy.secrets import MissingSecretError, read_secret

KEY, WEBHOOK = "payments.key", "payments.webhook"  # the names of secrets
# Two tries of one call: the worker, or the person, tries again later.
RETRIES = 1
A_PAGE = 100
LONGEST_NAME = 250
_LOST = frozenset({"failed", "canceled"})
P = ParamSpec("P")
T = TypeVar("T")


def _told(call: Callable[P, T]) -> Callable[P, T]:
    """What Stripe's library raises, without its words: they may name the key."""

    @functools.wraps(call)
    def told(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return call(*args, **kwargs)
        except stripe.StripeError as error:
            raise ProviderError(f"{type(error).__name__} {error.code or ''}".strip()) from None
        except (ValueError, KeyError, TypeError):
            raise ProviderError("what Stripe says cannot be read") from None

    return told


class StripeProvider:
    """One caisse's account: its keys are its own, the addresses are those of the GIE's list."""

    def __init__(self, entry: CardProvider) -> None:
        self._entry = entry

    @property
    def origins(self) -> tuple[str, ...]:
        return tuple(self._entry.pages)

    @_told
    def start(self, order: Order) -> Begun:
        session = self._client().v1.checkout.sessions.create(
            _asked(order),
            {"idempotency_key": f"start-{order.payment}"},
        )
        if not session.url or not is_allowed(session.url, pages=self._entry.pages):
            raise ProviderError("the page to pay on is none of those that the list allows")
        return Begun(address=session.url, reference=session.id)

    def read(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
        """The signature bears a time: what is older than Stripe's own limit is no news."""
        try:
            secret = read_secret(name=WEBHOOK)
            stripe.WebhookSignature.verify_header(
                body.decode(), headers.get("Stripe-Signature", ""), secret, stripe.Webhook.DEFAULT_TOLERANCE
            )
        except (MissingSecretError, SealBrokenError, stripe.SignatureVerificationError, ValueError):
            raise UnsignedError from None
        try:
            return read_event(body)
        except ValueError as error:
            raise UnreadableError from error

    @_told
    def status(self, *, reference: str, now: datetime) -> Outcome:
        return _standing(self._client(), reference, now)

    @_told
    def close(self, *, reference: str, now: datetime) -> Outcome:
        """Only what is open can be expired; Stripe refuses the rest, which stands as it then says."""
        client = self._client()
        with contextlib.suppress(stripe.InvalidRequestError):
            client.v1.checkout.sessions.expire(reference)
        return _standing(client, reference, now)

    @_told
    def refund(self, *, capture: str, amount: Money, refund: UUID) -> RefundAnswer:
        """Stripe forgets the keys of calls within days: one that was asked long ago is looked for first."""
        client = self._client()
        asked = client.v1.refunds.list({"payment_intent": capture, "limit": A_PAGE})
        for each in asked.auto_paging_iter():
            if uuid_in(each.metadata, "refund") == refund:
                return _answer(each)
        try:
            made = client.v1.refunds.create(
                {
                    "payment_intent": capture,
                    "amount": amount.cents,
                    "metadata": {"refund": str(refund)},
                },
                {"idempotency_key": f"refund-{refund}"},
            )
        except stripe.InvalidRequestError as error:
            if not error.code:
                raise
            return RefundAnswer(reference="", refused=str(error.code))
        return _answer(made)

    @_told
    def refund_status(self, *, reference: str) -> RefundAnswer:
        return _answer(self._client().v1.refunds.retrieve(reference))

    @_told
    def operations(self, *, begins: datetime, ends: datetime) -> list[Operation]:
        client = self._client()
        first, after = int(begins.timestamp()), int(ends.timestamp())
        charges = client.v1.charges.list({"created": {"gte": first, "lt": after}, "limit": A_PAGE})
        refunds = client.v1.refunds.list({"created": {"gte": first, "lt": after}, "limit": A_PAGE})
        return [
            *_captures(charges.auto_paging_iter()),
            *(
                Operation(
                    kind="refund",
                    reference=each.id,
                    uuid=uuid_in(each.metadata, "refund"),
                    amount=Money(each.amount),
                    at=datetime.fromtimestamp(each.created, tz=UTC),
                )
                for each in refunds.auto_paging_iter()
                if each.status not in _LOST
            ),
        ]

    def _client(self) -> stripe.StripeClient:
        try:
            key = read_secret(name=KEY)
        except MissingSecretError:
            raise NotSetUpError(f"the caisse has not set its secret {KEY}") from None
        except SealBrokenError:
            raise NotSetUpError(f"the secret {KEY} of the caisse does not open") from None
        session = requests.Session()
        # To the address of the list, and to no other that it would name.
        session.max_redirects = 0
        session.trust_env = False
        return stripe.StripeClient(
            key,
            base_addresses={"api": self._entry.api},
            max_network_retries=RETRIES,
            http_client=stripe.RequestsClient(timeout=self._entry.seconds, session=session),
        )


def _standing(client: stripe.StripeClient, reference: str, now: datetime) -> Outcome:
    session = client.v1.checkout.sessions.retrieve(reference, {"expand": ["payment_intent.latest_charge"]})
    return outcome_of_session(session.to_dict(), at=now)


def _asked(order: Order) -> SessionCreateParams:
    told = {"payment": str(order.payment)}
    return {
        "mode": "payment",
        "client_reference_id": str(order.payment),
        "metadata": told,
        # What the capture, its charge and the list of the day say too.
        "payment_intent_data": {"metadata": told},
        "allowed_payment_method_types": ["card"],
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": CURRENCY,
                    "unit_amount": order.amount.cents,
                    "product_data": {"name": order.words[:LONGEST_NAME]},
                },
            }
        ],
        "success_url": order.back,
        "cancel_url": order.cancel,
        "expires_at": int(order.expires_at.timestamp()),
        "locale": _locale(order),
    }


def _locale(order: Order) -> Literal["en", "fr"]:
    return "en" if order.language == "en" else "fr"


def _answer(refund: stripe.Refund) -> RefundAnswer:
    """`pending` and `requires_action` are on their way."""
    if refund.status in _LOST:
        return RefundAnswer(reference=refund.id, refused=str(refund.failure_reason or refund.status))
    return RefundAnswer(reference=refund.id, done=refund.status == "succeeded")


def _captures(charges: Iterator[stripe.Charge]) -> Iterator[Operation]:
    for each in charges:
        intent: Any = each.payment_intent
        if each.status == "succeeded" and each.captured:
            yield Operation(
                kind="capture",
                reference=str(intent if isinstance(intent, str) else intent.id),
                uuid=uuid_in(each.metadata, "payment"),
                amount=Money(each.amount_captured),
                at=datetime.fromtimestamp(each.created, tz=UTC),
            )

"""A sum in another currency than ours is never taken for so many euros."""

from collections.abc import Iterator
from typing import Any

import pytest

from guichet.kernel.money import Money
from tenant_apps.payments.domain.outcomes import Said
from tenant_apps.payments.domain.stripe import read_event
from tenant_apps.payments.providers.port import ProviderError
from tenant_apps.payments.providers.stripe import StripeProvider
from tenants.models import Caisse
from tenants.policy.secrets import set_secret
from tests.payments.stripe_stand_in import StandIn, standing_in
from tests.payments.test_stripe import KEY, PAYMENT, SESSIONS, event, session
from tests.world import NOON


@pytest.fixture
def stripe_here(in_alpha: Caisse) -> Iterator[StandIn]:
    set_secret(name="payments.key", value=KEY, by="tests", at=NOON)
    with standing_in() as found:
        yield found


def paid(currency: str) -> dict[str, Any]:
    return session(status="complete", payment_status="paid", payment_intent="pi_1", currency=currency)


def intent(currency: str) -> dict[str, Any]:
    told = {"payment": str(PAYMENT)}
    return {"id": "pi_1", "amount": 4550, "amount_received": 4550, "currency": currency, "metadata": told}


@pytest.mark.parametrize(
    ("kind", "thing"), [("payment_intent.succeeded", intent), ("checkout.session.completed", paid)]
)
def test_an_event_in_another_currency_cannot_be_read(kind: str, thing: Any) -> None:
    assert read_event(event(kind, thing("eur"))).outcome.amount == Money(4550)
    with pytest.raises(ValueError, match="not in euros"):
        read_event(event(kind, thing("jpy")))


def test_a_payment_that_is_asked_for_closes_nothing_in_another_currency(stripe_here: StandIn) -> None:
    stripe_here.answers[f"GET {SESSIONS}/cs_1"] = (200, paid("usd"))
    with pytest.raises(ProviderError):
        StripeProvider(stripe_here.entry).status(reference="cs_1", now=NOON)
    stripe_here.answers[f"GET {SESSIONS}/cs_1"] = (200, paid("eur"))
    found = StripeProvider(stripe_here.entry).status(reference="cs_1", now=NOON)
    assert (found.said, found.amount) == (Said.CAPTURED, Money(4550))

"""Against localstripe, which keeps what it is told: payment intents, refunds, and webhooks signed as Stripe's."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import pytest
import requests
import stripe

from guichet.kernel.money import Money
from tenant_apps.payments.domain.outcomes import Said
from tenant_apps.payments.domain.providers import CardProvider
from tenant_apps.payments.providers.port import UnsignedError
from tenant_apps.payments.providers.stripe import StripeProvider
from tenants.models import Caisse
from tenants.policy.secrets import set_secret
from tests.world import NOON

KEY, SIGNS = "sk_test_12345", "whsec_invented"
SECONDS = 20
Heard = list[tuple[dict[str, str], bytes]]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """One server for this module."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "localstripe.server", "--port", str(port), "--from-scratch"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=SECONDS)


def _wait_for(port: int) -> None:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("localstripe does not listen")


@pytest.fixture
def provider(in_alpha: Caisse, address: str) -> StripeProvider:
    set_secret(name="payments.key", value=KEY, by="tests", at=NOON)
    set_secret(name="payments.webhook", value=SIGNS, by="tests", at=NOON)
    return StripeProvider(CardProvider.model_construct(kind="stripe", api=address, pages=[], seconds=SECONDS))


@pytest.fixture
def heard(address: str) -> Iterator[Heard]:
    """What localstripe posts to the address of our webhook."""
    found: Heard = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    hook = {"url": f"http://127.0.0.1:{server.server_address[1]}/", "secret": SIGNS}
    asked = requests.post(f"{address}/_config/webhooks/ours", json=hook, timeout=SECONDS)
    assert asked.ok
    yield found
    server.shutdown()
    server.server_close()


def paid(address: str, payment: str) -> stripe.PaymentIntent:
    """As the card page does it."""
    client = stripe.StripeClient(KEY, base_addresses={"api": address})
    method = client.v1.payment_methods.create(
        {
            "type": "card",
            "card": {"number": "4242424242424242", "exp_month": 12, "exp_year": 2030, "cvc": "123"},
        }
    )
    return client.v1.payment_intents.create(
        {
            "amount": 4550,
            "currency": "eur",
            "payment_method": method.id,
            "confirm": True,
            "metadata": {"payment": payment},
        }
    )


def test_a_refund_is_made_once_and_found_again(provider: StripeProvider, address: str) -> None:
    intent, number = paid(address, str(uuid4())), uuid4()
    first = provider.refund(capture=intent.id, amount=Money.of("20.50"), refund=number)
    assert (first.done, first.refused) == (True, "")
    # localstripe knows no idempotency: it is our own look at the list that finds the first.
    assert provider.refund(capture=intent.id, amount=Money.of("20.50"), refund=number) == first
    assert provider.refund_status(reference=first.reference) == first
    other = provider.refund(capture=intent.id, amount=Money.of(25), refund=uuid4())
    assert other.reference != first.reference


@pytest.mark.slow  # its webhooks leave a second after what they tell of
def test_a_signed_webhook_is_a_capture_and_a_changed_one_is_nothing(
    provider: StripeProvider, address: str, heard: Heard
) -> None:
    payment = uuid4()
    intent = paid(address, str(payment))
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and not any(b"payment_intent.succeeded" in body for _, body in heard):
        time.sleep(0.05)
    headers, body = next(each for each in heard if b"payment_intent.succeeded" in each[1])
    event = provider.read(headers=headers, body=body, now=NOON)
    assert (event.outcome.said, event.payment) == (Said.CAPTURED, payment)
    assert (event.outcome.capture, event.outcome.amount) == (intent.id, Money.of("45.50"))
    with pytest.raises(UnsignedError):
        provider.read(headers=headers, body=body.replace(b"4550", b"9550"), now=NOON)

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from guichet.tenancy.connection import connection
from tenant_apps.messaging.breaker import breaker
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.queue_message import queue_message
from tenant_apps.messaging.transports import Envelope
from tenants.models import Caisse
from tenants.selectors import caisse_of_schema
from tests.identity.steps import publish
from tests.messaging.post import PATH, Post
from tests.world import NOON

SOMEONE = UUID("00000000-0000-4000-8000-000000000001")
LIFETIME = timedelta(minutes=5)

Queue = Callable[..., Message]


@pytest.fixture
def post(settings: Any) -> Iterator[type[Post]]:
    """Every channel goes through it."""
    Post.reset()
    # The fixture's own way to override, as the other tests have it: two ways nested come undone out of order.
    settings.MESSAGE_TRANSPORTS = dict.fromkeys(("mail", "sms", "letter"), PATH)
    yield Post
    Post.reset()


@pytest.fixture
def code() -> Queue:
    """Queues a code by SMS, as the second step does."""

    def queue(number: str = "123456", **more: Any) -> Message:
        words: dict[str, Any] = {
            "kind": "sms_code",
            "channel": "sms",
            "to": "+33639980001",
            "about": SOMEONE,
            "language": "fr",
            "context": {"code": number, "lifetime": LIFETIME},
            "now": NOON,
            "secret": True,
            "lifetime": LIFETIME,
        }
        return queue_message(**{**words, **more})

    return queue


@pytest.fixture
def notice() -> Queue:
    """Queues a mail that holds no secret, as after a sign-in from a new browser."""

    def queue(**more: Any) -> Message:
        words: dict[str, Any] = {
            "kind": "new_sign_in",
            "channel": "mail",
            "to": "client@alpha.example.org",
            "about": SOMEONE,
            "language": "fr",
            "context": {"name": "Mme Alpha", "at": NOON, "browser": "Firefox"},
            "now": NOON,
            "secret": False,
        }
        return queue_message(**{**words, **more})

    return queue


@pytest.fixture(autouse=True)
def _nobody_is_spared() -> Iterator[None]:
    """What one test found down is up again for the next."""
    breaker.forget()
    yield
    breaker.forget()


def envelope(**more: Any) -> Envelope:
    """An SMS, opened; what is not said is right."""
    words: dict[str, Any] = {
        "uuid": UUID("00000000-0000-4000-8000-000000000002"),
        "kind": "sms_code",
        "channel": "sms",
        "at": NOON,
        "to": "+33639980001",
        "text": "Bonjour",
    }
    return Envelope(**{**words, **more})


def republish(caisse: Caisse, changes: Mapping[str, Any]) -> None:
    """Another version of the policy of the caisse that is set, which is in force from now on."""
    connection.set_schema_to_public()
    publish(caisse, changes)
    connection.set_tenant(caisse_of_schema(schema=caisse.schema_name))

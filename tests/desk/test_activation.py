"""Sending an activation again: offered for an account that waits for one, where something can send it."""

from datetime import datetime
from uuid import UUID

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.identity import activation_registry
from tenant_apps.identity.activation_registry import register_activation
from tenant_apps.identity.models import User
from tenants.models import Caisse
from tests.desk.counter import REASON, act_of, close_account, file_of, posted, register, staff_uuid, words

ACT = "activation"
BUTTON = "Renvoyer l’activation"
SENT = {**REASON, "reason": "not_received"}


class Sender:
    """Remembers what it was asked to send."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, UUID, str]] = []

    def __call__(self, *, user: User, by: UUID, reason: str, now: datetime) -> None:
        assert now.tzinfo is not None
        self.asked.append((user.display_name, by, reason))


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> Sender:
    found = Sender()
    monkeypatch.setattr(activation_registry, "_registered", [])
    register_activation(found)
    return found


@pytest.fixture
def nothing_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activation_registry, "_registered", [])


@pytest.fixture
def waiting(alpha: Caisse) -> Client:
    """A client who has not chosen a secret yet."""
    return register(alpha, "C-2", identifier="1000000002", activated=False)


def test_it_is_sent_with_who_asked_and_why(
    alpha: Caisse, desk: Browser, waiting: Client, sender: Sender
) -> None:
    assert BUTTON in words(desk.get(file_of(waiting)))
    assert BUTTON in words(desk.get(act_of(waiting, ACT)))
    answer = desk.post(act_of(waiting, ACT), {**SENT, "note": "deux fois"})
    assert answer.headers["Location"] == f"{file_of(waiting)}?fait=activation"
    assert sender.asked == [("Zoé Sept", UUID(staff_uuid(alpha)), "not_received: deux fois")]


def test_without_a_reason_nothing_is_sent(desk: Browser, waiting: Client, sender: Sender) -> None:
    answer = posted(desk, act_of(waiting, ACT), REASON | {"reason": ""})
    assert "Choisissez une raison" in words(answer)
    assert sender.asked == []


def test_an_account_that_is_activated_is_offered_none(desk: Browser, anne: Client, sender: Sender) -> None:
    assert BUTTON not in words(desk.get(file_of(anne)))
    answer = posted(desk, act_of(anne, ACT), SENT)
    assert "Ce client a déjà activé son accès" in words(answer)
    assert sender.asked == []


@pytest.mark.usefixtures("nothing_sends")
def test_where_nothing_can_send_it_the_button_is_not_there(desk: Browser, waiting: Client) -> None:
    assert BUTTON not in words(desk.get(file_of(waiting)))
    assert "ne s’envoie pas d’ici" in words(posted(desk, act_of(waiting, ACT), SENT))


def test_one_that_was_locked_before_it_was_activated_is_offered_both(
    alpha: Caisse, desk: Browser, anne: Client, sender: Sender
) -> None:
    with tenant_context(alpha):
        User.objects.filter(client=anne).update(password=make_password(None))
    close_account(alpha)
    page = words(desk.get(file_of(anne)))
    assert "Rouvrir l’accès" in page
    assert BUTTON in page


def test_two_that_would_send_it_are_refused(sender: Sender) -> None:
    with pytest.raises(RuntimeError, match="registered already"):
        register_activation(sender)

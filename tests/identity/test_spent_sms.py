"""When the caisse has sent its SMS of the day, whoever waits for a code is told, known or not."""

from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.identity.send_activation import send_activation
from tenant_apps.identity.send_recovery import send_recovery
from tenant_apps.messaging.count_sms import count_sms
from tenant_apps.messaging.models import Message
from tenants.models import Caisse
from tests.identity.conftest import BrowserAt
from tests.identity.steps import CODE, NOBODY_HAS_IT, WRONG, enter_secret, publish, said, user_of
from tests.identity.waiting import DIRECT, again, newcomer, send
from tests.world import ANNE

TOLD = "Aucun SMS ne part plus pour le moment."


@pytest.mark.parametrize("blind", [False, True])
def test_who_waits_for_a_code_is_told_to_call(alpha: Caisse, browser: Browser, blind: bool) -> None:
    publish(alpha, {"senders": {"sms_per_day": 1}, "second_factor": {"blind": blind}})
    enter_secret(browser)
    assert TOLD not in said(browser.get(CODE))
    with tenant_context(alpha):
        count_sms(now=timezone.now())
    page = said(browser.get(CODE))
    assert TOLD in page
    assert "appelez votre agence au 04" in page.replace("\u202f", " ")


def test_an_unknown_identifier_is_told_the_same(alpha: Caisse, browser_at: BrowserAt) -> None:
    publish(alpha, {"senders": {"sms_per_day": 0}, "second_factor": {"blind": True}})
    pages = []
    for identifier, secret in (("", ""), ("", WRONG), (NOBODY_HAS_IT, "")):
        browser = browser_at(ANNE.host)
        enter_secret(browser, identifier=identifier, secret=secret)
        pages.append(said(browser.get(CODE)).count(TOLD))
    assert pages == [1, 1, 1]


def test_what_anybody_may_ask_for_is_told_apart_from_what_an_agent_sends(alpha: Caisse) -> None:
    publish(alpha, {**DIRECT, "recovery": {"proofs": ["email_link", "sms_code"]}})
    lea = newcomer(alpha)
    send(alpha, lea)
    with tenant_context(alpha):
        send_activation(user=again(alpha, lea), now=timezone.now(), by=uuid4(), reason="at_counter")
        send_recovery(user=user_of(alpha), now=timezone.now())
        texts = Message.objects.filter(channel="sms").order_by("id")
        assert list(texts.values_list("kind", "by_anybody")) == [
            ("activation_password", True),
            ("activation_password", False),
            ("recovery_code", True),
        ]

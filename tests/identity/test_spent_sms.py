"""When the caisse has sent its SMS of the day, whoever waits for a code is told, known or not."""

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.messaging.count_sms import count_sms
from tenants.models import Caisse
from tests.identity.conftest import BrowserAt
from tests.identity.steps import CODE, NOBODY_HAS_IT, WRONG, enter_secret, publish, said
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

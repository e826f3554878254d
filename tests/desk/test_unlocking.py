"""Opening again, at the counter, an account that failed tries have closed."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenant_apps.clients.models import Client
from tenant_apps.identity.models import TryCounter
from tenants.models import Caisse
from tests.clock import Clock
from tests.desk.conftest import BrowserAt
from tests.desk.counter import (
    REASON,
    act_of,
    close_account,
    file_of,
    journal,
    posted,
    register,
    sent,
    staff_uuid,
    words,
)
from tests.identity.steps import WRONG, counter, enter_secret, publish, said, sign_in
from tests.world import ANNE

ACT = "reouverture"
UNTIL_AGENCY = {"lockout": {"max_failures": 3, "wait": "none", "until_agency": True}}


def unlock(desk: Browser, client: Client, **fields: str) -> str:
    """Where the counter is sent afterwards."""
    answer = desk.post(act_of(client, ACT), {**REASON, **fields})
    return str(answer.headers.get("Location", answer.status_code))


def test_a_client_whom_only_the_agency_can_let_in_comes_in_again(
    alpha: Caisse, desk: Browser, anne: Client, browser_at: BrowserAt
) -> None:
    publish(alpha, UNTIL_AGENCY)
    browser = browser_at(ANNE.host)
    for _ in range(3):
        enter_secret(browser, secret=WRONG)
    assert "Cet accès est fermé" in said(enter_secret(browser))
    assert unlock(desk, anne) == f"{file_of(anne)}?fait=rouvert"
    assert sign_in(browser, alpha).headers["Location"] == "/"


def test_a_wait_is_cut_short_and_the_total_of_the_day_is_forgotten(
    alpha: Caisse, desk: Browser, anne: Client, browser_at: BrowserAt, clock: Clock
) -> None:
    publish(alpha, {"lockout": {"max_failures": 3, "wait": "10 min", "daily_total": 20}})
    for _ in range(4):
        enter_secret(browser_at(ANNE.host), secret=WRONG)
    unlock(desk, anne)
    found = counter(alpha)
    assert found is not None
    assert (found.failures, found.day_total, found.locked_until, found.agency_only) == (0, 0, None, False)
    assert sign_in(browser_at(ANNE.host), alpha).headers["Location"] == "/"


def test_the_journal_keeps_who_did_it_and_why_and_the_file_tells_it(
    alpha: Caisse, desk: Browser, anne: Client
) -> None:
    close_account(alpha)
    unlock(desk, anne, reason="by_phone", note="vu  sa\tdate de naissance\u202e")
    [event] = journal(alpha, "account.unlocked")
    assert event.details == {"by": staff_uuid(alpha), "reason": "by_phone: vu sa date de naissance"}
    page = words(desk.get(file_of(anne)))
    assert "Accès rouvert par l’agence" in page
    assert "par Agent" in page
    assert "Le client a appelé, et j’ai vérifié qui il est (vu sa date de naissance)" in page


def test_the_client_is_told_by_mail(alpha: Caisse, desk: Browser, anne: Client) -> None:
    close_account(alpha)
    unlock(desk, anne)
    [message] = sent(alpha, "account_unlocked")
    assert (message["channel"], message["to"]) == ("mail", "client@alpha.example.org")
    assert "Votre agence a rouvert votre accès" in message["text"]
    assert "04\xa065\xa071\xa000\xa001" in message["text"]


def test_who_has_no_address_is_told_by_sms(alpha: Caisse, desk: Browser, anne: Client) -> None:
    with tenant_context(alpha):
        Client.objects.update(email="")
    close_account(alpha)
    unlock(desk, anne)
    [message] = sent(alpha, "account_unlocked")
    assert (message["channel"], message["to"]) == ("sms", ANNE.phone)


def test_who_can_be_told_in_no_way_is_let_in_all_the_same(alpha: Caisse, desk: Browser, anne: Client) -> None:
    with tenant_context(alpha):
        Client.objects.update(email="", mobile="")
    close_account(alpha)
    assert unlock(desk, anne).endswith("?fait=rouvert")
    assert sent(alpha, "account_unlocked") == []


def test_twice_does_it_once(alpha: Caisse, desk: Browser, anne: Client) -> None:
    close_account(alpha)
    assert unlock(desk, anne).endswith("?fait=rouvert")
    assert unlock(desk, anne).endswith("?fait=deja-ouvert")
    assert len(journal(alpha, "account.unlocked")) == len(sent(alpha, "account_unlocked")) == 1


@pytest.mark.parametrize(
    "state",
    [{"failures": 4}, {"failures": 5, "locked_until": timezone.now() - timedelta(seconds=1)}],
    ids=["failures that did not close", "a wait that is over"],
)
def test_an_open_account_has_nothing_to_open(
    alpha: Caisse, desk: Browser, anne: Client, state: dict[str, object]
) -> None:
    close_account(alpha, **state)
    assert "il n’y a rien à rouvrir" in words(desk.get(act_of(anne, ACT)))
    assert unlock(desk, anne).endswith("?fait=deja-ouvert")
    assert journal(alpha, "account.unlocked") == []


@pytest.mark.parametrize(
    ("fields", "said_beside"),
    [
        ({"reason": ""}, "Choisissez une raison"),
        ({"reason": "no_such_reason"}, "Choisissez une raison de la liste"),
        ({"reason": "lost"}, "Choisissez une raison de la liste"),
        ({"reason": "other"}, "Dites pourquoi en quelques mots"),
        ({"reason": "other", "note": " \u200b\u202e "}, "Dites pourquoi en quelques mots"),
        ({"note": "a" * 300}, "Raccourcissez ce texte : 200 signes au plus"),
        ({"note": "a\x00b"}, "un caractère qui ne peut pas y être"),
    ],
)
def test_without_a_good_reason_nothing_is_opened(
    alpha: Caisse, desk: Browser, anne: Client, fields: dict[str, str], said_beside: str
) -> None:
    close_account(alpha)
    answer = posted(desk, act_of(anne, ACT), {**REASON, **fields})
    assert answer.status_code == 200
    page = words(answer)
    assert said_beside in page
    assert "Erreur" in page.partition("</title>")[0]
    assert journal(alpha, "account.unlocked") == []
    found = counter(alpha)
    assert found is not None
    assert found.agency_only


def test_each_error_leads_to_its_field(alpha: Caisse, desk: Browser, anne: Client) -> None:
    close_account(alpha)
    page = posted(desk, act_of(anne, ACT), {"reason": "", "note": "a" * 300}).content.decode()
    for name in ("id_reason_0", "id_note"):
        assert f'href="#{name}"' in page
        assert f'id="{name}"' in page


def test_a_reason_of_ones_own_is_enough(alpha: Caisse, desk: Browser, anne: Client) -> None:
    close_account(alpha)
    unlock(desk, anne, reason="other", note="demande de la direction")
    assert "demande de la direction" in words(desk.get(file_of(anne)))


def test_only_that_account_is_opened(
    alpha: Caisse, beta: Caisse, desk: Browser, anne: Client, bruno: Client
) -> None:
    other = register(alpha, "C-2", identifier="1000000002")
    close_account(alpha)
    close_account(beta)
    with tenant_context(alpha):
        key = other.user.login_index
        TryCounter.objects.create(scope=TryCounter.Scope.ACCOUNT, key=key, agency_only=True)
    unlock(desk, anne)
    with tenant_context(alpha):
        assert TryCounter.objects.get(key=key).agency_only
    with tenant_context(beta):
        assert TryCounter.objects.get().agency_only
    assert unlock(desk, bruno) == "404"


def test_the_brake_on_an_address_stays(
    alpha: Caisse, desk: Browser, anne: Client, browser_at: BrowserAt
) -> None:
    """It protects every other account."""
    publish(alpha, {"lockout": {"max_failures": 3, "address_max_failures": 5}})
    for _ in range(3):
        enter_secret(browser_at(ANNE.host), secret=WRONG)
    unlock(desk, anne)
    with tenant_context(alpha):
        assert TryCounter.objects.get(scope=TryCounter.Scope.ADDRESS).failures == 3

import base64
import json
from collections import Counter
from functools import partial
from typing import Any

import pytest
from django.test import Client as Browser
from django_tenants.utils import tenant_context

from guichet.tenancy.signing import keyring
from tenant_apps.identity.models import TryCounter
from tenant_apps.journal.models import Event
from tenants.models import Caisse
from tests.concurrency.conftest import SetLockout
from tests.concurrency.parallel import at_once
from tests.identity.steps import hidden
from tests.world import ANNE

SIGN_IN = "/connexion/"
NOBODY = "1999999999"
WRONG = "wrong"
MANY = 20

both_identifiers = pytest.mark.parametrize(
    "identifier", [ANNE.identifier, NOBODY], ids=["a known identifier", "an unknown identifier"]
)


def attempt(identifier: str, secret: str = WRONG) -> Any:
    browser = Browser(SERVER_NAME=ANNE.host, HTTP_HOST=ANNE.host)
    return browser.post(SIGN_IN, {"identifier": identifier, "secret": secret})


def statuses(answers: list[Any]) -> Counter[object]:
    """How many of each; what was raised stands for itself."""
    return Counter(getattr(answer, "status_code", answer) for answer in answers)


def counter(scope: str) -> TryCounter:
    return TryCounter.objects.get(scope=scope)


def events() -> Counter[str]:
    """What was journaled since the world was built."""
    return Counter(Event.objects.exclude(kind="account.opened").values_list("kind", flat=True))


@both_identifiers
def test_twenty_wrong_secrets_at_once_count_twenty(
    identifier: str, alpha_committed: Caisse, lockout: SetLockout
) -> None:
    lockout(max_failures=100, daily_total=1000, address_max_failures=1000)

    answers = at_once([partial(attempt, identifier)] * MANY)

    assert statuses(answers) == {200: MANY}
    with tenant_context(alpha_committed):
        assert (counter("account").failures, counter("account").day_total) == (MANY, MANY)
        assert counter("address").failures == MANY
        assert events() == {"sign_in.refused": MANY}


@both_identifiers
def test_of_twenty_wrong_secrets_at_once_five_are_looked_at_and_the_account_is_locked(
    identifier: str, alpha_committed: Caisse, lockout: SetLockout
) -> None:
    lockout()
    answers = at_once([partial(attempt, identifier)] * MANY)

    assert statuses(answers) == {200: MANY}
    with tenant_context(alpha_committed):
        account = counter("account")
        assert (account.failures, account.day_total) == (5, 5)
        assert account.locked_until is not None
        assert events() == {
            "sign_in.refused": 4,
            "sign_in.locked": 1,
            "sign_in.refused_while_locked": MANY - 5,
        }
    late = attempt(identifier, ANNE.secret)
    assert late.status_code == 200
    assert "Patientez un peu" in late.content.decode()


@both_identifiers
def test_a_day_s_total_is_exact_and_only_the_agency_opens_again(
    identifier: str, alpha_committed: Caisse, lockout: SetLockout
) -> None:
    lockout(max_failures=100, daily_total=7, address_max_failures=1000)

    at_once([partial(attempt, identifier)] * MANY)

    with tenant_context(alpha_committed):
        assert counter("account").day_total == 7
        assert counter("account").agency_only
    assert "Cet accès est fermé" in attempt(identifier, ANNE.secret).content.decode()


def test_of_twenty_identifiers_from_one_address_at_once_the_brake_lets_its_number_through(
    alpha_committed: Caisse, lockout: SetLockout
) -> None:
    lockout(address_max_failures=6)

    answers = at_once([partial(attempt, f"19999999{number:02}") for number in range(MANY)])

    assert statuses(answers) == {200: 6, 429: MANY - 6}
    with tenant_context(alpha_committed):
        assert counter("address").failures == 6
        assert TryCounter.objects.filter(scope="account").count() == 6


def test_right_secrets_at_once_leave_no_failure_behind(alpha_committed: Caisse, lockout: SetLockout) -> None:
    lockout(max_failures=100, daily_total=1000, address_max_failures=1000)

    answers = at_once([partial(attempt, ANNE.identifier, ANNE.secret)] * MANY)

    assert statuses(answers) == {302: MANY}
    with tenant_context(alpha_committed):
        assert (counter("account").failures, counter("account").day_total) == (0, 0)
        assert counter("address").failures == 0


def test_of_many_tries_at_once_those_of_a_suspicious_address_wait_for_work_and_one_work_is_one_try(
    alpha_committed: Caisse, lockout: SetLockout
) -> None:
    lockout(robots="suspicious", robots_after=6, max_failures=100, daily_total=1000, robots_wait="2 s")

    answers = at_once([partial(attempt, f"19999999{number:02}") for number in range(MANY)])

    assert statuses(answers) == {200: MANY}
    pages: list[Any] = answers
    asked = [page for page in pages if "pas un robot" in page.content.decode()]
    assert len(asked) == MANY - 6
    with tenant_context(alpha_committed):
        assert TryCounter.objects.filter(scope="account").count() == counter("address").failures == 6
        token = hidden(asked[0], "travail")
        answer = _answer_of(token)
    browser = Browser(SERVER_NAME=ANNE.host, HTTP_HOST=ANNE.host)

    sent = at_once([partial(browser.post, SIGN_IN, {"travail": token, "reponse": answer})] * MANY)

    assert statuses(sent) == {200: 1, 302: MANY - 1}
    with tenant_context(alpha_committed):
        assert counter("address").failures == 7


def _answer_of(token: str) -> str:
    """Without the work: it is done elsewhere."""
    sealed = base64.urlsafe_b64decode(token)
    answer: str = json.loads(keyring().open(sealed, purpose=f"work:{SIGN_IN}"))["answer"]
    return answer

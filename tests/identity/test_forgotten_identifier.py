"""A forgotten identifier: what the file says, then a mail to the address on file (A6)."""

from typing import Any

import pytest
from django.db import connection as proxy
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from tenant_apps.identity.models import User
from tenants.models import Caisse
from tests.clock import Clock
from tests.identity.conftest import BrowserAt
from tests.identity.forgetting import (
    IDENTIFIER,
    IDENTIFIER_ASKED,
    NIMES,
    Worker,
    outbox,
    whys,
    without_email,
)
from tests.identity.steps import events, publish, queued, said
from tests.identity.test_blind_step import face
from tests.identity.waiting import newcomer
from tests.world import ANNE, BRUNO

RIGHT = {"client_number": "c 1", "birth_date": "1/1/1980", "contract_number": "ALPHA 1"}
REFUSED = "recovery.identifier_refused"


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Worker:
    return Worker(monkeypatch)


@pytest.fixture
def nimes(alpha: Caisse, worker: Worker) -> Caisse:
    publish(alpha, NIMES)
    return alpha


def ask(browser: Browser, **typed: str) -> Any:
    return browser.post(IDENTIFIER, RIGHT | typed)


def test_the_identifier_comes_by_mail_to_the_address_on_file(
    nimes: Caisse, browser: Browser, worker: Worker
) -> None:
    page = said(browser.get(IDENTIFIER))
    assert page.index("Numéro de client") < page.index("Date de naissance") < page.index("un de vos contrats")
    assert ask(browser).headers["Location"] == IDENTIFIER_ASKED
    assert "Si vos réponses sont celles de votre dossier" in said(browser.get(IDENTIFIER_ASKED))
    worker.run(times=2)
    (mail,) = outbox(nimes, kind="identifier_reminder")
    assert (mail["to"], mail["channel"]) == ("client@alpha.example.org", "mail")
    assert ANNE.identifier in mail["text"]
    assert events(nimes) == ["recovery.identifier_asked", "recovery.identifier_sent"]


@pytest.mark.parametrize(
    "typed", ["01/01/1980", "1 1 1980", "1.1.1980", "01-01-1980", "01011980", "1980-01-01"]
)
def test_a_birth_date_is_read_as_people_write_it(
    nimes: Caisse, browser: Browser, worker: Worker, typed: str
) -> None:
    ask(browser, birth_date=typed)
    worker.run()
    assert queued(nimes) == 1


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"client_number": "C-2"}, "unknown"),
        ({"birth_date": "02/01/1980"}, "birth_date"),
        ({"contract_number": "alpha-2"}, "contract_number"),
        ({"contract_number": "autre-1"}, "contract_number"),
    ],
)
def test_one_answer_that_is_not_the_file_s_and_nothing_leaves(
    nimes: Caisse, browser: Browser, worker: Worker, typed: dict[str, str], why: str
) -> None:
    ask(browser, **typed)
    worker.run()
    assert (queued(nimes), whys(nimes, kind=REFUSED)) == (0, [why])


def test_the_answer_is_the_same_in_every_case(
    nimes: Caisse, browser_at: BrowserAt, worker: Worker, hashes: list[str]
) -> None:
    """Right, wrong, a client without an address, one whose account is closed, one who has no account, nobody."""
    newcomer(nimes, identifier="1234500001", number="C-3", email="")
    closed = newcomer(nimes, identifier="1234500002", number="C-4")
    with tenant_context(nimes):
        User.objects.filter(pk=closed.pk).update(is_active=False)
    answers = []
    for typed in (
        {},
        {"birth_date": "2/1/1980"},
        {"client_number": "C-3"},
        {"client_number": "C-4"},
        {"client_number": "C-9"},
    ):
        browser = browser_at(ANNE.host)
        browser.get(IDENTIFIER)
        with CaptureQueriesContext(proxy) as queries:
            answer = face(ask(browser, **typed))
        sizes = tuple(len(str(value)) for value in worker.asked[-1].values())
        answers.append((answer, face(browser.get(IDENTIFIER_ASKED)), len(queries), sizes))
    assert answers == [answers[0]] * 5
    assert (len(worker.asked), hashes, queued(nimes)) == (5, [], 0)


def test_nothing_of_what_was_typed_stands_in_the_queue_or_in_the_journal(
    nimes: Caisse, browser: Browser, worker: Worker
) -> None:
    ask(browser)
    told = str(worker.asked)
    assert not [words for words in ("1980", "ALPHA", ANNE.identifier) if words in told]


def test_who_has_no_address_on_file_is_helped_at_the_agency(
    nimes: Caisse, browser: Browser, worker: Worker
) -> None:
    without_email(nimes)
    ask(browser)
    worker.run()
    assert (queued(nimes), whys(nimes, kind=REFUSED)) == (0, ["no_email"])
    assert "04 65 71 00 01" in said(browser.get(IDENTIFIER_ASKED))


@pytest.mark.parametrize("number", ["C-1", "C-9"])
def test_asking_is_bound_by_the_day_for_each_client_number_and_braked_for_each_address(
    nimes: Caisse, browser: Browser, worker: Worker, clock: Clock, number: str
) -> None:
    usual = face(ask(browser, client_number=number))
    for written in (number.lower(), number.replace("-", " ")):
        assert ask(browser, client_number=written).status_code == 302
    assert len(worker.asked) == 3
    # Past the limit the answer is the usual one, and nothing more leaves.
    assert face(ask(browser, client_number=number)) == usual
    assert len(worker.asked) == 3
    assert "par jour au plus" in said(browser.get(IDENTIFIER_ASKED))
    clock.move(days=1)
    assert ask(browser, client_number=number).status_code == 302
    assert len(worker.asked) == 4
    publish(nimes, {"lockout": {"address_max_failures": 6, "max_failures": 5}})
    assert [ask(browser, client_number=f"D-{n}").status_code for n in range(9)][-1] == 429


NO_SUCH_DAY = "Cette date n’existe pas\u202f: vérifiez le jour et le mois."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"client_number": ""}, "Saisissez votre numéro de client."),
        ({"client_number": "--"}, "Ce numéro n’a ni chiffre ni lettre."),
        ({"client_number": "C\x001"}, "Il y a ici un caractère qui ne peut pas y être."),
        ({"birth_date": "30/02/1980"}, NO_SUCH_DAY),
        ({"birth_date": "31.13.1980"}, NO_SUCH_DAY),
        ({"birth_date": "31021980"}, NO_SUCH_DAY),
        ({"birth_date": "01/01/80"}, "Écrivez la date ainsi\u202f: 27/04/1968."),
        ({"birth_date": "le 3 mars 1980"}, "Écrivez la date ainsi\u202f: 27/04/1968."),
        ({"contract_number": "x" * 41}, "Ce numéro est trop long."),
    ],
)
def test_an_answer_of_a_wrong_form_is_to_mend_and_counts_nowhere(
    nimes: Caisse, browser: Browser, worker: Worker, typed: dict[str, str], sentence: str
) -> None:
    answer = ask(browser, **typed)
    assert (answer.status_code, answer.context["form"].errors) == (200, {next(iter(typed)): [sentence]})
    assert worker.asked == []


def test_the_policy_says_what_is_asked(nimes: Caisse, browser: Browser, worker: Worker) -> None:
    publish(nimes, {"recovery": {"identifier_asks": ["client_number", "birth_date"]}})
    assert "contrats" not in said(browser.get(IDENTIFIER)).split("<form")[1].split("</form>")[0]
    browser.post(IDENTIFIER, {"client_number": "C-1", "birth_date": "01/01/1980"})
    worker.run()
    assert queued(nimes) == 1


def test_a_client_of_one_caisse_is_nobody_at_another(
    nimes: Caisse, beta: Caisse, browser_at: BrowserAt, worker: Worker
) -> None:
    """Beta's client has the same number and birth date; the contract is alpha's."""
    publish(beta, NIMES)
    ask(browser_at(BRUNO.host))
    worker.run()
    assert (queued(nimes), queued(beta), whys(beta, kind=REFUSED)) == (0, 0, ["contract_number"])

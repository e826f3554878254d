"""The invented caisses and clients of bin/bench, and what its browsers read."""

import pytest

from benchmarks.browsing import NoFormError, token_of
from benchmarks.ours.caisses import MODELS, invented
from benchmarks.people import newcomers
from benchmarks.phones import NoCodeError, Phones, code_in
from tenants.policy.checks import run_checks
from tenants.policy.identifiers import format_of
from tenants.policy.stored import parse_stored


class Mailbox:
    """Stands in for the connection: answers with what has come after the message that is named."""

    def __init__(self) -> None:
        self.messages: list[tuple[int, str, str]] = []

    def execute(self, _statement: str, asked: list[object]) -> list[tuple[int, str, str]]:
        return [each for each in self.messages if each[0] > int(str(asked[1]))]

    def deliver(self, phone: str, text: str, *, number: int | None = None) -> None:
        self.messages.append((number or len(self.messages) + 1, phone, text))


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def phones(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Phones:
    monkeypatch.setattr("benchmarks.phones.PAUSE", 0.0)
    monkeypatch.setattr("benchmarks.phones.PATIENCE", 0.01)
    return Phones(mailbox)  # type: ignore[arg-type]  # stands in for a connection


@pytest.mark.parametrize("number", range(300, 300 + len(MODELS)))
def test_an_invented_caisse_is_one_that_could_be_applied(number: int) -> None:
    _, version = invented(schema=f"bench_{number}", number=number)
    policy = parse_stored(version.document)
    assert [each for each in run_checks(policy) if each.level == "error"] == []


def test_two_invented_caisses_share_neither_host_nor_look() -> None:
    rows, versions = zip(*(invented(schema=f"bench_{n}", number=n) for n in range(300)), strict=True)
    assert len({row.domains[0] for row in rows}) == 300
    assert len({str(version.document["brand"]) for version in versions}) == 300


def test_a_newcomer_has_an_identifier_that_nimes_accepts() -> None:
    rules = parse_stored(invented(schema="nimes", number=0)[1].document).identifier
    for person in newcomers(first=0, count=2):
        assert format_of(rules).normalise(person.identifier) == person.identifier


def test_newcomers_share_no_identifier_and_no_phone_and_are_the_same_each_time() -> None:
    people = newcomers(first=0, count=10_000)
    assert len({each.identifier for each in people}) == len({each.mobile for each in people}) == 10_000
    assert all(each.mobile.startswith("+3363998") and len(each.mobile) == 12 for each in people)
    assert newcomers(first=7, count=1) == [people[7]]


def test_the_token_of_a_form_is_read_off_its_page() -> None:
    page = '<form><input type="hidden" name="csrfmiddlewaretoken" value="a1B2"><input name="code" value=""></form>'
    assert token_of(page) == "a1B2"
    with pytest.raises(NoFormError):
        token_of("<p>Une page sans formulaire.</p>")


def test_a_code_is_read_off_its_message() -> None:
    assert code_in("Nîmes : votre code est 402817. Il est valable 5 minutes.") == "402817"
    with pytest.raises(NoCodeError):
        code_in("Nîmes : votre code vient par la poste.")


def test_a_phone_shows_its_own_last_code_and_shows_it_once(mailbox: Mailbox, phones: Phones) -> None:
    mailbox.deliver("+33639980001", "votre code est 111111.")
    mailbox.deliver("+33639980002", "votre code est 222222.")
    mailbox.deliver("+33639980001", "votre code est 333333.")
    assert phones.take("+33639980001") == "333333"
    assert phones.take("+33639980002") == "222222"
    with pytest.raises(NoCodeError):
        phones.take("+33639980001")


def test_a_code_that_is_there_only_after_a_later_one_is_not_missed(mailbox: Mailbox, phones: Phones) -> None:
    mailbox.deliver("+33639980002", "votre code est 222222.", number=2)
    assert phones.take("+33639980002") == "222222"
    mailbox.deliver("+33639980001", "votre code est 111111.", number=1)
    assert phones.take("+33639980001") == "111111"

"""Whatever the journal and the outbox may hold of a client has its words at the counter."""

import re
from typing import get_args

import pytest

from tenant_apps.desk import event_details, wording
from tenant_apps.desk.journal_wording import GROUPS, OF_PAYMENTS
from tenant_apps.desk.journal_wording import OF_NOBODY as OF_NOBODY_IN_WORDS
from tenant_apps.desk.pawn_words import EVENTS as EVENTS_OF_PAWN_LOANS
from tenant_apps.desk.reasons import (
    REASONS,
    TO_ACTIVATE,
    TO_CANCEL,
    TO_CORRECT,
    TO_FORGET,
    TO_RELEASE,
    TO_REPLACE,
    TO_SETTLE,
    TO_UNLOCK,
    reason_in_words,
    reason_of,
)
from tenant_apps.identity.event_words import EVENTS_OF_AN_ACCOUNT, UNSAID_TO_CLIENTS, kinds_for_client
from tenant_apps.identity.exceptions import Way
from tenant_apps.identity.models import AccessCode
from tenant_apps.identity.standing import Access
from tenant_apps.messaging.domain.returns import Why
from tenant_apps.messaging.models import Message
from tenant_apps.pawn.papers import print_receipt
from tenant_apps.pawn.services import keep_photo
from tenant_apps.pawn.services.doing import EVENTS, EVENTS_BY_DATE
from tenants.policy.sections.second_factor import Method
from tenants.policy.sections.ways_in import Proof, Sent
from tests.conventions.tree import packages, templates

KIND = re.compile(
    r"\"((?:account|activation|appointment|message|recovery|second_factor|second_step|secret|session|sign_in|step_up|terms)\.[a-z_]+)\""
)
# Of no client: the brake on an address, one secret tried on many accounts; and the paths of a policy.
OF_NOBODY = {
    "sign_in.address_braked",
    "sign_in.spray_alarm",
    "sign_in.mass_alarm",
    "second_factor.methods",
    "activation.sends",
    "activation.asked_by_client",
    "secret.kind",
    "terms.version",
    "recovery.proofs",
    "recovery.proofs_without_email",
    "recovery.identifier_asks",
}
# Told to staff alone; the appointments of a client have a list of their own.
OF_THE_COUNTER = {
    "appointment.booked",
    "appointment.cancelled",
    "appointment.kept",
    "appointment.missed",
    "appointment.moved",
    "client.registered",
    "message.came_back",
    "message.letter_seen",
    "message.printed",
    "message.sent_again",
    "message.settled",
}


def journalled() -> set[str]:
    return {
        kind
        for source in packages()
        if source.path.startswith("tenant_apps/") and not source.path.startswith("tenant_apps/desk/wording")
        for kind in KIND.findall(source.text)
    }


def test_every_kind_of_event_of_a_client_has_its_words() -> None:
    kinds = journalled() - OF_NOBODY
    assert {"sign_in.done", "account.unlocked"} <= kinds
    assert kinds - set(wording.EVENTS) == set()


def test_whatever_the_journal_shows_has_its_words_and_its_group() -> None:
    """Also what is about no client: openings, batches of letters, alarms, the journal itself."""
    source = "\n".join(each.text for each in packages() if each.path.startswith("tenant_apps/"))
    others = set(
        re.findall(r'(?:[A-Z]+|kind)(?:, [A-Z]+)* = "((?:desk|letters|journal|keys)\.[a-z_]+)"', source)
    )
    others |= set(re.findall(r'"(letters\.[a-z_]+)"', source))
    assert {"desk.file_opened", "journal.exported", "letters.confirmed"} <= others
    assert others - set(OF_NOBODY_IN_WORDS) == set()
    prefixes = tuple(each for group in GROUPS.values() for each in group.kinds)
    assert [kind for kind in {*others, *wording.EVENTS} if not kind.startswith(prefixes)] == []


def test_every_act_on_a_pawn_loan_has_its_words_in_the_journal() -> None:
    of_photos = {keep_photo.ADDED, keep_photo.REPLACED, keep_photo.REMOVED}
    acts = {*EVENTS.values(), *EVENTS_BY_DATE.values()}
    of_papers = {print_receipt.PRINTED, print_receipt.AGAIN}
    assert set(EVENTS_OF_PAWN_LOANS) == acts | of_photos | of_papers | {"pawn.exported"}


def test_what_happened_to_an_account_has_its_words_for_its_owner_too() -> None:
    """One place for both: what the counter alone may read is named here."""
    assert set(wording.EVENTS) - set(EVENTS_OF_AN_ACCOUNT) == OF_THE_COUNTER | set(EVENTS_OF_PAWN_LOANS)
    assert set(kinds_for_client()) | UNSAID_TO_CLIENTS == set(EVENTS_OF_AN_ACCOUNT)


def test_every_kind_of_event_of_a_payment_has_its_words() -> None:
    kinds = {
        kind
        for source in packages()
        if source.path.startswith("tenant_apps/payments/")
        for kind in re.findall(r"\"(payments?\.[a-z_]+)\"", source.text)
    }
    kinds -= {"payments.receipt", "payments.refund", "payments.sweep", "payments.night", "payments.ask_again"}
    kinds -= {"payments.key", "payments.webhook", "payments.basket", "payments.payment"}
    assert {"payment.paid", "payments.compared"} <= kinds
    assert kinds - set(OF_PAYMENTS) == set()


def test_every_kind_of_message_has_its_words() -> None:
    kinds = {
        source.path.rpartition("/templates/messages/")[2].partition("/")[0]
        for source in templates()
        if "/templates/messages/" in source.path
    }
    kinds = {kind for kind in kinds if not kind.startswith("_")}
    assert "sms_code" in kinds
    assert kinds - set(wording.MESSAGES) == set()


def test_every_channel_state_and_access_has_its_words() -> None:
    assert set(Message.Channel.values) == set(wording.CHANNELS)
    assert set(Message.State.values) - {"sent"} == set(wording.STATES)
    assert set(Access) == set(wording.ACCESS)


@pytest.mark.parametrize(
    "codes", [TO_UNLOCK, TO_REPLACE, TO_FORGET, TO_ACTIVATE, TO_CANCEL, TO_CORRECT, TO_SETTLE, TO_RELEASE]
)
def test_a_list_of_reasons_is_short_and_ends_with_another_one(codes: tuple[str, ...]) -> None:
    assert 2 < len(codes) <= 4
    assert codes[-1] == "other"
    assert set(codes) <= set(REASONS)


@pytest.mark.parametrize(
    ("code", "note", "told"),
    [
        ("lost", "", "Téléphone perdu ou volé"),
        ("lost", "dans le bus", "Téléphone perdu ou volé (dans le bus)"),
        ("other", "dans le bus : perdu", "dans le bus : perdu"),
    ],
)
def test_a_reason_is_told_again_as_it_was_given(code: str, note: str, told: str) -> None:
    assert reason_in_words(reason_of(code=code, note=note)) == told


def test_a_reason_of_elsewhere_is_told_as_it_is() -> None:
    assert reason_in_words("pour essayer") == "pour essayer"


# As a keyword, as what an error of sending says, and what a function that answers why returns.
WHY = re.compile(r'why="([a-z_]+)"|Cannot\w+Error\("([a-z_]+)"\)|_Found\(why="([a-z_]+)"\)')
RETURNED = re.compile(r'return "([a-z_]+)"')


def test_whatever_the_journal_gives_as_a_reason_and_every_way_has_its_words() -> None:
    """As the services of identity write it, and what a provider says of a message."""
    sources = [each.text for each in packages() if each.path.startswith("tenant_apps/identity/")]
    given = {word for text in sources for found in WHY.findall(text) for word in found if word}
    given |= {word for text in sources if "def _why_not" in text for word in RETURNED.findall(text)}
    assert {"just_sent", "no_email", "closed", "letter_lives"} <= given
    assert given - set(event_details.WHYS) == set()
    assert set(Why) <= set(event_details.WHYS)
    ways = {*get_args(Method), *get_args(Proof), *get_args(Sent), *Way.values, *AccessCode.Kind.values}
    assert ways <= set(event_details.WAYS)

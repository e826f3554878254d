"""Whatever the journal and the outbox may hold of a client has its words at the counter."""

import re
from typing import get_args

import pytest

from tenant_apps.desk import event_details, wording
from tenant_apps.desk.pawn_words import EVENTS as EVENTS_OF_PAWN_LOANS
from tenant_apps.desk.reasons import (
    REASONS,
    TO_ACTIVATE,
    TO_CANCEL,
    TO_CORRECT,
    TO_FORGET,
    TO_GIVE_ACCESS,
    TO_RELEASE,
    TO_REPLACE,
    TO_SETTLE,
    TO_UNLOCK,
    reason_in_words,
    reason_of,
)
from tenant_apps.identity.exceptions import Way
from tenant_apps.identity.models import AccessCode
from tenant_apps.identity.standing import Access
from tenant_apps.messaging.domain.returns import Why
from tenant_apps.messaging.models import Message
from tenant_apps.pawn.papers import boni_receipt, print_receipt
from tenant_apps.pawn.services import keep_photo
from tenant_apps.pawn.services.doing import EVENTS, EVENTS_BY_DATE
from tenants.policy.sections.second_factor import Method
from tenants.policy.sections.ways_in import Proof, Sent
from tests.conventions.tree import packages, templates


def test_every_act_on_a_pawn_loan_has_its_words_in_the_journal() -> None:
    of_photos = {keep_photo.ADDED, keep_photo.REPLACED, keep_photo.REMOVED}
    acts = {*EVENTS.values(), *EVENTS_BY_DATE.values()}
    of_papers = {each for paper in (print_receipt, boni_receipt) for each in (paper.PRINTED, paper.AGAIN)}
    assert set(EVENTS_OF_PAWN_LOANS) == acts | of_photos | of_papers | {"pawn.exported"}


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
    "codes",
    [
        TO_GIVE_ACCESS,
        TO_UNLOCK,
        TO_REPLACE,
        TO_FORGET,
        TO_ACTIVATE,
        TO_CANCEL,
        TO_CORRECT,
        TO_SETTLE,
        TO_RELEASE,
    ],
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

"""Every kind of event that the code writes to the journal has its words, and stands in a group of the journal."""

import ast
import re
from collections.abc import Iterable

import pytest
from procrastinate.contrib.django import app

from tenant_apps.desk.journal_wording import EVENTS, GROUPS, READINGS
from tenant_apps.identity.event_words import EVENTS_OF_AN_ACCOUNT, UNSAID_TO_CLIENTS, words_for_client
from tenant_apps.pawn.services.doing import EVENTS as EVENTS_OF_ACTS
from tests.conventions.rule import refuse
from tests.conventions.rules.calls import calls, last_name
from tests.conventions.tree import Source, packages

WRITERS = ("record", "write_event")
DOTTED = re.compile(r"[a-z_]+\.[a-z_]+")
WORDS = ("tenant_apps/desk/journal_wording.py", "tenant_apps/desk/pawn_words.py")
WORDS_OF_ACCOUNTS = "tenant_apps/identity/event_words.py"
# Kinds that are made of a word of a closed list, by what they begin with.
MADE = {"pawn.": set(EVENTS_OF_ACTS.values())}
# Fields of a policy, names of its secrets, names of loggers: written as an event is.
OTHER_THINGS = frozenset(
    {
        "activation.asked_by_client",
        "activation.sends",
        "guichet.security",
        "payments.key",
        "payments.webhook",
        "recovery.identifier_asks",
        "recovery.proofs",
        "recovery.proofs_without_email",
        "second_factor.methods",
        "secret.kind",
        "terms.version",
    }
)


def writes_events(source: Source) -> bool:
    return any(
        last_name(call.func) in WRITERS and any(word.arg == "kind" for word in call.keywords)
        for call in calls(source.tree)
    )


def dotted(source: Source) -> set[str]:
    """Whatever is written there as the kind of an event is."""
    texts = (node.value for node in ast.walk(source.tree) if isinstance(node, ast.Constant))
    return {text for text in texts if isinstance(text, str) and DOTTED.fullmatch(text)}


def beginnings(source: Source) -> set[str]:
    """Of kinds that are made as `f"pawn.{word}"`."""
    made = (
        node.values[0] for node in ast.walk(source.tree) if isinstance(node, ast.JoinedStr) and node.values
    )
    texts = (str(first.value) for first in made if isinstance(first, ast.Constant))
    return {text for text in texts if re.fullmatch(r"[a-z_]+\.", text)}


def kinds_written(sources: Iterable[Source]) -> set[str]:
    """All that stands where events are written, and all that begins like one of those, wherever it stands: a kind may
    come as an argument, from a table or from another module.
    """
    read = [each for each in sources if each.path not in (*WORDS, WORDS_OF_ACCOUNTS)]
    writers = [each for each in read if writes_events(each)]
    found = {kind for source in writers for kind in dotted(source)}
    for beginning in {each for source in writers for each in beginnings(source)}:
        found |= MADE.get(beginning, {f"{beginning}made"})
    firsts = {kind.partition(".")[0] for kind in found}
    return found | {kind for source in read for kind in dotted(source) if kind.partition(".")[0] in firsts}


def without_words(kinds: Iterable[str]) -> set[str]:
    return set(kinds) - set(EVENTS) - OTHER_THINGS - set(app.tasks)


def ours() -> list[Source]:
    """Migrations name tables as an event is named."""
    return [
        each
        for each in packages()
        if each.path.startswith("tenant_apps/") and "/migrations/" not in each.path
    ]


@pytest.mark.parametrize(
    "text",
    [
        "record(kind='pawn.melted', at=now)",
        "KINDS = {'melted': 'pawn.melted'}\nrecord(kind=KINDS[what], at=now)",
        "def _note(kind, contract):\n    write_event(kind=kind, contract=contract)\n_note('pawn.melted', contract)",
        "journal.record(kind='melting.done', at=now)",
        "record(kind=f'melting.{what}', at=now)",
    ],
)
def test_an_event_without_words_is_seen_however_its_kind_is_written(text: str) -> None:
    assert len(without_words(kinds_written([Source("tenant_apps/a.py", text)]))) == 1


def test_an_event_whose_kind_stands_in_another_module_is_seen() -> None:
    writer = Source("tenant_apps/a.py", "record(kind='melting.done', at=now)\nrecord(kind=BEGUN, at=now)")
    names = Source("tenant_apps/b.py", "BEGUN = 'melting.begun'")
    assert without_words(kinds_written([writer, names])) == {"melting.done", "melting.begun"}


def test_every_kind_of_event_has_its_words_for_the_counter() -> None:
    kinds = kinds_written(ours())
    assert {"sign_in.done", "pawn.opened", "payment.paid", "appointment.kept", "desk.file_opened"} <= kinds
    refuse(f"{kind} has no words in tenant_apps/desk/journal_wording.py" for kind in without_words(kinds))


def test_no_words_and_no_exception_are_left_over() -> None:
    kinds = kinds_written(ours())
    # The way to a first secret is named in one module, and written by those that import it.
    kinds |= {kind for source in ours() if source.path.endswith("/renewal.py") for kind in dotted(source)}
    refuse(f"{kind} has words, and is never written" for kind in set(EVENTS) - kinds)
    everywhere = {kind for source in packages() for kind in dotted(source)}
    refuse(f"{name} is no exception any more" for name in OTHER_THINGS - everywhere)


def test_every_kind_of_event_stands_in_a_group_of_the_journal() -> None:
    prefixes = tuple(each for group in GROUPS.values() for each in group.kinds)
    refuse(f"{kind} is in no group" for kind in EVENTS if not kind.startswith(prefixes))
    assert READINGS


@pytest.mark.parametrize("secret", ["mot de passe", "code secret"])
def test_what_happened_to_an_account_has_its_words_for_its_owner_too(secret: str) -> None:
    for kind in EVENTS_OF_AN_ACCOUNT.keys() - UNSAID_TO_CLIENTS:
        said = words_for_client(kind, secret=secret)
        assert said
        assert "%(" not in said


def test_what_begins_like_an_event_of_an_account_is_told_to_its_owner_or_kept_from_them_by_name() -> None:
    """What an account does not read of itself: alarms and brakes, which are of an address or of many accounts."""
    firsts = tuple({f"{kind.partition('.')[0]}." for kind in EVENTS_OF_AN_ACCOUNT})
    of_many = {"sign_in.address_braked", "sign_in.mass_alarm", "sign_in.spray_alarm"}
    assert {kind for kind in EVENTS if kind.startswith(firsts)} - set(EVENTS_OF_AN_ACCOUNT) == of_many

"""Every message that is put in the outbox has its words, and no words are left without a message."""

import ast
from collections.abc import Iterator

import pytest

from tests.conventions.rule import refuse
from tests.conventions.rules.calls import calls, last_name
from tests.conventions.tree import Source, packages, templates

FILES = {"sms": {"sms.txt"}, "mail": {"subject.txt", "body.txt", "body.html"}, "letter": {"letter.txt"}}

OTHER = {"sms": "mail", "mail": "sms"}


def queued(source: Source) -> Iterator[tuple[str, str]]:
    """(kind, channel) of each message; "?" for one that is not written out, which no reader could look up."""
    for call in calls(source.tree):
        if _queues(call):
            words = {word.arg: word.value for word in call.keywords}
            kind, channel = constant(words.get("kind")), constant(words.get("channel"))
            yield kind, channel
            if "otherwise" in words:
                yield kind, OTHER[channel]


def _queues(call: ast.Call) -> bool:
    """Called, or kept for later with its kind and channel."""
    kept = (
        last_name(call.func) == "partial" and bool(call.args) and last_name(call.args[0]) == "queue_message"
    )
    return kept or last_name(call.func) == "queue_message"


def constant(node: ast.expr | None) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else "?"


def worded() -> set[str]:
    """What stands in messages/<kind>/; what stands in messages/ itself is shared by all kinds."""
    names = (source.path.rpartition("/templates/")[2] for source in templates())
    return {name for name in names if name.startswith("messages/") and name.count("/") == 2}


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("queue_message(kind='welcome', channel='sms')", ("welcome", "sms")),
        ("outbox.queue_message(kind=kind, channel='mail')", ("?", "mail")),
        ("partial(queue_message, kind='welcome', channel='letter')", ("welcome", "letter")),
        ("partial(queue_message, channel='letter')", ("?", "letter")),
    ],
)
def test_the_kind_of_a_message_is_read_where_it_is_queued(call: str, expected: tuple[str, str]) -> None:
    assert list(queued(Source("a.py", call))) == [expected]


def test_every_message_is_queued_with_its_kind_and_channel_written_out() -> None:
    pairs = [(source.path, pair) for source in packages() for pair in queued(source)]
    assert pairs
    assert [(path, pair) for path, pair in pairs if "?" in pair or pair[1] not in FILES] == []


def test_every_message_has_its_words_and_no_words_are_left_over() -> None:
    pairs = {pair for source in packages() for pair in queued(source)}
    asked = {f"messages/{kind}/{file}" for kind, channel in pairs for file in FILES.get(channel, ())}
    missing = {f"there is no {name}" for name in asked - worded()}
    refuse(missing | {f"{name} belongs to no message" for name in worded() - asked})

"""A mail that comes back: to its caisse and its message, once, and to nobody else's."""

from datetime import timedelta
from io import BytesIO, StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django_tenants.utils import tenant_context

from tenant_apps.journal.models import Event
from tenant_apps.messaging.deliver_message import deliver_message
from tenant_apps.messaging.domain.returns import Why
from tenant_apps.messaging.models import Message
from tenant_apps.messaging.note_return import INTERRUPTED, note_arrival, note_return
from tenant_apps.messaging.references import Reference, UnknownReferenceError, read_reference, return_address
from tenant_apps.messaging.selectors import doubtful_addresses
from tenant_apps.messaging.send_again import NoSuchMessageError, send_again
from tenant_apps.messaging.transports import RefusedError
from tenants.models import Caisse
from tests.messaging.conftest import SOMEONE, Queue
from tests.messaging.post import Post
from tests.messaging.reports import report
from tests.world import NOON

BASE = "retours@example.org"
ADDRESS = "client@alpha.example.org"
State = Message.State


def left(message: Message) -> Message:
    assert deliver_message(uuid=message.uuid, now=NOON) == State.SENT
    return now_is(message)


def now_is(message: Message) -> Message:
    message.refresh_from_db()
    return message


def address_of(message: Message) -> str:
    return return_address(reference=Reference(message.uuid, message.resent), base=BASE)


def bounced(data: bytes, **options: str) -> str:
    said = StringIO()
    call_command("messages", "bounced", source=BytesIO(data), stdout=said, **options)
    return said.getvalue().strip()


def refused(data: bytes, **options: str) -> int:
    with pytest.raises(CommandError) as error:
        bounced(data, **options)
    # As commands refuse: in French.
    assert str(error.value).startswith(
        ("ceci n’est pas un rapport", "ce rapport ne nomme", "PostgreSQL ne répond")
    )
    return error.value.returncode


def test_a_bounce_finds_its_caisse_and_its_message_among_those_of_the_others(
    alpha: Caisse, beta: Caisse, post: type[Post], notice: Queue
) -> None:
    with tenant_context(alpha):
        mine = left(notice())
        to = address_of(mine)
    with tenant_context(beta):
        other = left(notice())
    said = bounced(report(to))
    assert said == f"alpha {mine.uuid}: unknown address"
    with tenant_context(alpha):
        assert (now_is(mine).state, mine.last_error) == (State.BOUNCED, Why.UNKNOWN)
        assert mine.came_back_at is not None
        [event] = Event.objects.filter(kind="message.came_back")
        assert (event.subject, event.details["message"]) == (str(SOMEONE), str(mine.uuid))
    with tenant_context(beta):
        assert now_is(other).state == State.SENT


def test_the_same_bounce_twice_is_one(alpha: Caisse, post: type[Post], notice: Queue) -> None:
    with tenant_context(alpha):
        message = left(notice())
        to = address_of(message)
    bounced(report(to))
    assert bounced(report(to)).endswith("unknown address (known already)")
    with tenant_context(alpha):
        assert Event.objects.filter(kind="message.came_back").count() == 1


@pytest.mark.parametrize("action", ["delayed", "delivered"])
def test_a_report_of_a_delay_or_a_success_changes_nothing(
    alpha: Caisse, post: type[Post], notice: Queue, action: str
) -> None:
    with tenant_context(alpha):
        message = left(notice())
        to = address_of(message)
    assert bounced(report(to, action=action, status="4.4.1")).endswith("nothing is lost")
    with tenant_context(alpha):
        assert now_is(message).state == State.SENT


def test_the_address_may_be_given_by_the_server_that_pipes_it(
    alpha: Caisse, post: type[Post], notice: Queue
) -> None:
    with tenant_context(alpha):
        message = left(notice())
        to = address_of(message)
    # Some servers write all addresses in capitals.
    assert bounced(report("postmaster@example.org"), to=to.upper()).startswith("alpha ")


def test_nobody_makes_up_an_address_that_returns(alpha: Caisse, post: type[Post], notice: Queue) -> None:
    with tenant_context(alpha):
        message = left(notice())
        to = address_of(message)
    local, _, domain = to.partition("@")
    last = "a" if local[-2] != "a" else "b"
    for forged in (
        f"{local[:-2]}{last}{local[-1]}@{domain}",
        f"{local[:-1]}@{domain}",
        f"retours+{message.uuid}@example.org",
        "retours@example.org",
        f"retours+{'a' * 44}@example.org",
    ):
        assert refused(report(forged)) == 67, forged
    with tenant_context(alpha):
        assert now_is(message).state == State.SENT


def test_the_address_of_another_caisse_s_key_names_nobody_here(
    alpha: Caisse, beta: Caisse, post: type[Post], notice: Queue
) -> None:
    with tenant_context(alpha):
        message = left(notice())
    with tenant_context(beta):
        to = address_of(message)
    assert refused(report(to)) == 67
    with tenant_context(alpha):
        assert now_is(message).state == State.SENT


def test_a_message_that_was_never_sent_is_refused(alpha: Caisse) -> None:
    with tenant_context(alpha):
        to = return_address(reference=Reference(uuid4()), base=BASE)
    assert refused(report(to)) == 67


def test_what_is_no_report_is_refused_as_such(alpha: Caisse) -> None:
    assert refused(b"Subject: absence\r\n\r\nJe reviens lundi.") == 65


def test_a_hostile_mail_is_refused_with_the_code_that_makes_no_server_try_again(alpha: Caisse) -> None:
    deep = b"".join(b"Content-Type: message/rfc822\r\n\r\n" for _ in range(5000))
    assert refused(deep) == 65
    assert refused(deep, to="retours+x@example.org") == 65
    assert refused(report("x" * 5000)) == 67


def test_an_address_that_returns_fits_in_an_address_of_mail(in_alpha: Caisse) -> None:
    local, _, domain = return_address(
        reference=Reference(uuid4(), 255), base="retours-du-guich@x.org"
    ).partition("@")
    assert (len(local) <= 64, domain) == (True, "x.org")


def test_a_code_that_comes_back_has_lost_its_words(in_alpha: Caisse, post: type[Post], code: Queue) -> None:
    message = left(code())
    assert note_return(reference=Reference(message.uuid), why=Why.UNREACHABLE, now=NOON)
    assert (now_is(message).state, bytes(message.sealed)) == (State.BOUNCED, b"")


def test_what_comes_back_before_the_worker_has_written_that_it_left_stays_come_back(
    in_alpha: Caisse, post: type[Post], notice: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = notice()

    def come_back(self: Post, envelope: object) -> None:
        note_return(reference=Reference(message.uuid), why=Why.UNKNOWN, now=NOON)

    monkeypatch.setattr(Post, "send", come_back)
    assert deliver_message(uuid=message.uuid, now=NOON) == State.BOUNCED
    assert now_is(message).last_error == Why.UNKNOWN


def test_what_comes_back_of_the_first_sending_says_nothing_of_the_second(
    in_alpha: Caisse, post: type[Post], notice: Queue
) -> None:
    message = left(notice())
    first = Reference(message.uuid)
    note_return(reference=first, why=Why.FULL, now=NOON)
    assert send_again(uuid=message.uuid, by=SOMEONE, now=NOON)
    left(message)
    assert [str(each.reference) for each in post.sent] == [str(message.uuid), f"{message.uuid}.1"]
    assert not note_return(reference=first, why=Why.UNKNOWN, now=NOON)
    assert now_is(message).state == State.SENT
    assert note_return(reference=Reference(message.uuid, 1), why=Why.FULL, now=NOON)


@pytest.mark.parametrize("state", [State.QUEUED, State.EXPIRED, State.FAILED])
def test_what_never_left_does_not_come_back(in_alpha: Caisse, notice: Queue, state: str) -> None:
    message = notice()
    Message.objects.filter(pk=message.pk).update(state=state)
    assert not note_return(reference=Reference(message.uuid), why=Why.UNKNOWN, now=NOON)
    assert now_is(message).state == state


def test_a_word_of_the_provider_ends_the_doubt_about_an_interrupted_sending(
    in_alpha: Caisse, notice: Queue
) -> None:
    message = notice()
    Message.objects.filter(pk=message.pk).update(state=State.FAILED, last_error=INTERRUPTED)
    assert note_arrival(reference=Reference(message.uuid), with_recipient=False, now=NOON)
    assert (now_is(message).state, message.last_error) == (State.SENT, "")
    assert not note_arrival(reference=Reference(message.uuid), with_recipient=False, now=NOON)


def test_a_message_of_the_other_caisse_does_not_come_back_here(
    alpha: Caisse, beta: Caisse, post: type[Post], notice: Queue
) -> None:
    with tenant_context(alpha):
        message = left(notice())
    with tenant_context(beta), pytest.raises(NoSuchMessageError):
        note_return(reference=Reference(message.uuid), why=Why.UNKNOWN, now=NOON)


@pytest.mark.parametrize("written", ["", "x", "{}.256", "{}.-1", "{}.", "{} ", "{}\n", "{}.1.1"])
def test_what_is_no_reference_is_refused(written: str) -> None:
    with pytest.raises(UnknownReferenceError):
        read_reference(written.format(uuid4()))


def test_an_address_is_in_doubt_until_a_later_message_stays_there(
    in_alpha: Caisse, post: type[Post], notice: Queue
) -> None:
    def in_doubt() -> set[str]:
        return doubtful_addresses(about=SOMEONE, addresses=(ADDRESS, "", "+33639980001"))

    message = left(notice())
    assert in_doubt() == set()
    note_return(reference=Reference(message.uuid), why=Why.UNKNOWN, now=NOON)
    assert in_doubt() == {ADDRESS}
    # Written otherwise, it is the same address; another one is not in doubt.
    assert doubtful_addresses(about=SOMEONE, addresses=["Client@Alpha.example.org"]) != set()
    assert doubtful_addresses(about=SOMEONE, addresses=["autre@alpha.example.org"]) == set()
    # That another one is queued, or has left, says nothing of the address; nor does sending the same again.
    later = left(notice())
    assert send_again(uuid=message.uuid, by=SOMEONE, now=NOON)
    left(message)
    assert in_doubt() == {ADDRESS}
    Message.objects.filter(pk=later.pk).update(sent_at=NOON + timedelta(minutes=1))
    arrived = Reference(later.uuid)
    assert not note_arrival(reference=arrived, with_recipient=False, now=NOON)
    assert in_doubt() == {ADDRESS}
    assert note_arrival(reference=arrived, with_recipient=True, now=NOON + timedelta(minutes=2))
    assert in_doubt() == set()


def test_an_address_that_the_server_refuses_at_once_is_in_doubt_too(
    in_alpha: Caisse, post: type[Post], notice: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Post, envelope: object) -> None:
        raise RefusedError(Why.UNKNOWN)

    monkeypatch.setattr(Post, "send", refuse)
    assert deliver_message(uuid=notice().uuid, now=NOON) == State.FAILED
    assert doubtful_addresses(about=SOMEONE, addresses=[ADDRESS]) == {ADDRESS}


def test_what_had_arrived_before_says_nothing_of_what_comes_back_now(
    in_alpha: Caisse, post: type[Post], notice: Queue
) -> None:
    early = left(notice())
    note_arrival(reference=Reference(early.uuid), with_recipient=True, now=NOON + timedelta(hours=2))
    late = NOON + timedelta(hours=1)
    note_return(reference=Reference(left(notice()).uuid), why=Why.UNKNOWN, now=late)
    assert doubtful_addresses(about=SOMEONE, addresses=[ADDRESS]) == {ADDRESS}


@pytest.mark.parametrize("why", [Why.FULL, Why.UNREACHABLE, Why.REFUSED])
def test_what_may_pass_puts_no_address_in_doubt(
    in_alpha: Caisse, post: type[Post], notice: Queue, why: Why
) -> None:
    note_return(reference=Reference(left(notice()).uuid), why=why, now=NOON)
    assert doubtful_addresses(about=SOMEONE, addresses=[ADDRESS]) == set()


def test_a_lost_database_is_told_as_such_to_the_mail_server(
    alpha: Caisse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**_: object) -> None:
        raise OperationalError

    monkeypatch.setattr("tenant_apps.messaging.management.commands.messages.receive_bounce", away)
    assert refused(report(BASE)) == 75

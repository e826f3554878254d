import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.messaging.domain.returns import NotAReportError, Why, read_report, why_of_reply
from tenant_apps.messaging.domain.twilio import signature, why_of_refusal, why_of_status
from tests.messaging.reports import report


@pytest.mark.parametrize(
    ("action", "status", "said", "why"),
    [
        ("failed", "5.1.1", "550 5.1.1 User unknown", Why.UNKNOWN),
        ("failed", "5.1.10", "556 null MX", Why.UNKNOWN),
        ("failed", "5.2.1", "550 mailbox disabled", Why.UNKNOWN),
        ("Failed", "5.0.0", "550-5.1.1 The account does not exist", Why.UNKNOWN),
        ("failed", "5.2.2", "552 mailbox full", Why.FULL),
        ("failed", "4.2.2", "452 mailbox full", Why.FULL),
        ("failed", "4.4.1", "no answer from host", Why.UNREACHABLE),
        ("failed", "5.4.4", "unable to route", Why.UNREACHABLE),
        ("failed", "5.7.1", "550 5.7.1 rejected as spam", Why.REFUSED),
        ("failed", "5.0.0", "something went wrong", Why.REFUSED),
        ("failed", "nonsense", "x", Why.REFUSED),
        ("delayed", "4.4.1", "no answer from host", None),
        ("delivered", "2.0.0", "250 ok", None),
        ("relayed", "2.0.0", "250 ok", None),
    ],
)
def test_what_a_report_says(action: str, status: str, said: str, why: Why | None) -> None:
    assert read_report(report("retours+x@example.org", action=action, status=status, said=said)).why == why


def test_a_report_says_whom_it_was_sent_to() -> None:
    found = read_report(report("retours+abc@example.org")).sent_to
    assert set(found) == {"retours+abc@example.org"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Subject: hello\r\n\r\nJe suis absent.",
        b"\xff\xfe\x00" * 50,
        b"Content-Type: message/delivery-status\r\n\r\nnot: a report",
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x--\r\n",
    ],
)
def test_what_is_no_report_is_refused(data: bytes) -> None:
    with pytest.raises(NotAReportError):
        read_report(data)


@given(st.binary(max_size=400))
def test_no_mail_makes_the_reader_stumble(noise: bytes) -> None:
    with contextlib.suppress(NotAReportError):
        read_report(report("retours+x@example.org").replace(b"Bonjour", noise).replace(b"dns;", noise[:40]))


@pytest.mark.parametrize(
    ("code", "said", "why"),
    [
        (550, "5.1.1 no such user", Why.UNKNOWN),
        (550, "no such user here", Why.UNKNOWN),
        (552, "too much", Why.FULL),
        (550, "5.7.1 blocked", Why.REFUSED),
        (554, "no", Why.REFUSED),
    ],
)
def test_what_a_server_says_in_the_conversation(code: int, said: str, why: Why) -> None:
    assert why_of_reply(code, said) == why


@pytest.mark.parametrize(
    ("status", "code", "why"),
    [
        ("undelivered", "30005", Why.UNKNOWN),
        ("undelivered", "30003", Why.UNREACHABLE),
        ("failed", "30007", Why.REFUSED),
        ("failed", "", Why.UNREACHABLE),
        ("failed", "x", Why.UNREACHABLE),
        ("sent", "", None),
        ("delivered", "30005", None),
    ],
)
def test_what_twilio_says_of_a_message(status: str, code: str, why: Why | None) -> None:
    assert why_of_status(status, code) == why


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"code": 21211, "message": "x"}', Why.UNKNOWN),
        (b'{"code": 21610}', Why.REFUSED),
        (b'{"code": 21603}', None),
        (b"[]", None),
        (b"not json", None),
        (b'{"code": "21211"}', None),
    ],
)
def test_a_refusal_of_twilio_is_about_the_recipient_or_about_us(body: bytes, why: Why | None) -> None:
    assert why_of_refusal(body) == why


def test_the_signature_is_the_one_that_twilio_documents() -> None:
    """The worked example of its documentation of security."""
    fields = {
        "CallSid": ["CA1234567890ABCDE"],
        "Caller": ["+14158675310"],
        "Digits": ["1234"],
        "From": ["+14158675310"],
        "To": ["+18005551212"],
    }
    address = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signature(token="12345", address=address, fields=fields) == "GvWf1cFY/Q7PnoempGyD5oXAezc="

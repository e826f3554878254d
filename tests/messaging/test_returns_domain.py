import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.messaging.domain.returns import (
    LONGEST_VALUE,
    NotAReportError,
    Why,
    read_report,
    why_of_reply,
)
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


def nested(depth: int, kind: str) -> bytes:
    """Parts that hold each other."""
    heads = [f'Content-Type: {kind}; boundary="b{each}"\r\n\r\n--b{each}\r\n' for each in range(depth)]
    return "".join(heads).encode() + b"Content-Type: text/plain\r\n\r\nx"


def test_a_report_with_more_parts_than_any_report_has_is_refused_before_it_is_taken_apart() -> None:
    mail = report("retours+x@example.org")
    assert read_report(mail).why == Why.UNKNOWN
    with pytest.raises(NotAReportError):
        read_report(mail.replace(b"Bonjour", b"Content-Type: Multipart/mixed\r\n" * 20))


@pytest.mark.parametrize("data", [nested(1000, "multipart/mixed"), nested(5000, "message/rfc822")])
def test_parts_that_hold_each_other_too_deep_are_refused(data: bytes) -> None:
    with pytest.raises(NotAReportError):
        read_report(data)


def test_a_header_is_read_no_further_than_its_first_thousand_characters() -> None:
    to = "retours+abc@example.org"
    at_the_end = " " * (LONGEST_VALUE - len(to)) + to
    mail = report("x@y").replace(
        b"Delivered-To: x@y", f"Delivered-To: {at_the_end.replace('  ', 'a ')}".encode()
    )
    assert to in read_report(mail).sent_to
    one_more = mail.replace(b"\r\nDelivered-To: ", b"\r\nDelivered-To: a")
    assert one_more != mail
    assert to not in read_report(one_more).sent_to


def test_few_headers_and_few_addresses_are_read() -> None:
    many = b"Delivered-To: " + b",".join(b"a%d@example.org" % each for each in range(40)) + b"\r\n"
    assert len(read_report(many * 60 + report("x@example.org")).sent_to) <= 16
    behind = b"X-Original-To: nobody\r\n" * 60 + b"X-Original-To: last@example.org\r\n"
    assert "last@example.org" not in read_report(behind + report("x@example.org")).sent_to


def test_a_local_part_longer_than_any_address_has_is_no_address() -> None:
    found = read_report(report("x@example.org").replace(b"To: x@", b"To: " + b"y" * 500 + b"@")).sent_to
    assert {len(each.partition("@")[0]) for each in found} <= {1, 64}


def test_where_it_is_known_whom_it_was_sent_to_no_header_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(_mail: object) -> None:
        pytest.fail("a header was read")

    monkeypatch.setattr("tenant_apps.messaging.domain.returns._sent_to", asked)
    assert read_report(report("x@example.org"), to="retours+abc@example.org").sent_to == (
        "retours+abc@example.org",
    )


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

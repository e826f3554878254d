"""Why a message did not arrive, read from what a mail server or an SMS provider says of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import Compat32
from enum import StrEnum
from itertools import islice


class Why(StrEnum):
    """Kept in the row of the message. Hard: the same again would end the same way. Soft: it may pass."""

    UNKNOWN = "unknown address"
    """There is nobody at this address or number, or there is no more: ask the client."""
    REFUSED = "refused by the recipient's side"
    FULL = "full mailbox"
    UNREACHABLE = "recipient out of reach"


HARD = frozenset({Why.UNKNOWN, Why.REFUSED})


class NotAReportError(ValueError):
    """What was read is no delivery report (RFC 3464)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A mail that came back. `why` is None while the server still tries, or when the mail has arrived."""

    sent_to: tuple[str, ...]
    """The addresses that the report itself was sent to: one of them names the message."""
    why: Why | None


# RFC 3463: class, subject, detail.
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b", re.ASCII)
# RFC 3463, 3.2; 5.1.10 is RFC 7505: a domain that takes no mail.
_NOBODY = frozenset({"1.0", "1.1", "1.2", "1.3", "1.4", "1.6", "1.10", "2.0", "2.1"})
_FULL = frozenset({"2.2"})
# The reply codes that name the recipient, where a server gives no enhanced one (RFC 5321, 4.2.3).
_NOBODY_REPLIES = frozenset({550, 551, 553})
_FULL_REPLIES = frozenset({552})
_TO = ("X-Original-To", "Delivered-To", "Envelope-To", "To")
# RFC 5321, 4.5.3.1. Without these limits it takes the square of a value's length, on what any stranger may send.
_ADDRESS = re.compile(r"[^\s<>,;:\"]{1,64}@[^\s<>,;:\"]{1,255}", re.ASCII)
_MOST_HEADERS, _MOST_ADDRESSES = 4, 16
LONGEST_VALUE = 1000
# A report has one, and the message in it another or two; the parser's work grows with each one for every line.
_MOST_MULTIPARTS = 20


class _CutShort(Compat32):
    """No header holds more than `LONGEST_VALUE` characters, before anything reads it, the parser included."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_VALUE]


def why_of_status(status: str) -> Why | None:
    """Of an enhanced status, wherever it stands in the text; None when there is none that failed."""
    found = _STATUS.search(status)
    if found is None or found[1] == "2":
        return None
    detail = f"{found[2]}.{found[3]}"
    if detail in _FULL:
        return Why.FULL
    if found[1] == "4":
        return Why.UNREACHABLE
    if detail in _NOBODY:
        return Why.UNKNOWN
    return Why.UNREACHABLE if found[2] == "4" else Why.REFUSED


def why_of_reply(code: int, text: str) -> Why:
    """Of a server's permanent refusal of a recipient, in the conversation itself."""
    found = why_of_status(text)
    if found is not None:
        return found
    if code in _FULL_REPLIES:
        return Why.FULL
    return Why.UNKNOWN if code in _NOBODY_REPLIES else Why.REFUSED


def read_report(data: bytes, *, to: str = "") -> Report:
    """Of a delivery status notification as a mail server hands it over. Raises NotAReportError.

    `to`: whom it was sent to, where that is known; no header is asked then. Anybody may write to that mailbox: what a
    mail costs is bounded here, before a thing in it is believed.
    """
    if data.lower().count(b"multipart/") > _MOST_MULTIPARTS:
        raise NotAReportError("il a trop de parties")
    try:
        mail = message_from_bytes(data, policy=_CutShort())
        statuses = list(_statuses(mail))
    except RecursionError as error:
        raise NotAReportError("ses parties s’emboîtent trop profondément") from error
    if not statuses:
        raise NotAReportError("il n’a pas de partie message/delivery-status")
    whys = [_why_of_block(block) for block in statuses]
    return Report(sent_to=(to,) if to else _sent_to(mail), why=next((why for why in whys if why), None))


def _statuses(mail: "Message[str, str]") -> Iterator["Message[str, str]"]:
    """The groups of fields about one recipient each: those that say what was done."""
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
            continue
        for block in part.get_payload():
            if isinstance(block, Message) and block.get("Action"):
                yield block


def _why_of_block(block: "Message[str, str]") -> Why | None:
    if str(block["Action"]).strip().lower() != "failed":
        return None
    said = why_of_status(str(block.get("Status", "")))
    if said in (None, Why.REFUSED):
        # Many servers write 5.0.0 here and what they were told in the field beside.
        said = why_of_status(str(block.get("Diagnostic-Code", ""))) or said
    return said or Why.REFUSED


def _sent_to(mail: "Message[str, str]") -> tuple[str, ...]:
    """The few that a mail server writes at the top."""
    values = (str(value) for name in _TO for value in mail.get_all(name, [])[:_MOST_HEADERS])
    found = (each[0] for value in values for each in _ADDRESS.finditer(value[:LONGEST_VALUE]))
    return tuple(islice(found, _MOST_ADDRESSES))

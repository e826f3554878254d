"""What a report to Sentry may hold: made anew from what is known to tell of no person, all else left behind."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from sentry_sdk.types import Breadcrumb, BreadcrumbHint, Event, Hint
from structlog.contextvars import get_contextvars

from guichet.kernel.scrubbing import PUT_INSTEAD, scrub
from guichet.telemetry.lines import caisse_of
from guichet.telemetry.words import words_of
from guichet.tenancy.connection import connection

Part = Mapping[str, Any]

KEPT = (
    "event_id",
    "timestamp",
    "level",
    "logger",
    "platform",
    "release",
    "environment",
    "server_name",
    "sdk",
)
TRACE = ("trace_id", "span_id")
HEADERS = ("accept", "content-length", "content-type")
# Where it happened: lines of our source, not what their variables held.
FRAME = (
    "filename",
    "abs_path",
    "module",
    "function",
    "lineno",
    "in_app",
    "pre_context",
    "context_line",
    "post_context",
)
CRUMB = ("type", "category", "level", "timestamp")
_LITERAL = re.compile(r"'(?:[^']|'')*'")
_MARK = "_guichet_reported"


def mark(error: BaseException) -> None:
    """Say that it is reported: whoever logs it again makes no second report of it."""
    setattr(error, _MARK, True)


def report(event: Event, hint: Hint) -> Event | None:
    """before_send. None for what is marked."""
    record, (_, error, _) = hint.get("log_record"), hint.get("exc_info") or (None, None, None)
    if record is not None and hasattr(error, _MARK):
        return None
    made: dict[str, Any] = _only(KEPT, event)
    made["contexts"] = {"trace": _only(TRACE, event.get("contexts", {}).get("trace", {}))}
    made["tags"] = _tags(caisse=(record and caisse_of(record)) or connection.schema_name)
    made["transaction"] = _place(event)
    made["request"] = _request(event.get("request", {}), place=made["transaction"])
    for name, made_anew in (("breadcrumbs", _crumb), ("exception", _exception)):
        if values := _values(event, name):
            made[name] = {"values": [made_anew(each) for each in values]}
    if record is not None:
        made["logentry"] = {"message": words_of(record, record.getMessage())}
    return {name: part for name, part in made.items() if part}  # type: ignore[return-value]  # the keys are an Event's


def crumb(given: Breadcrumb, hint: BreadcrumbHint) -> Breadcrumb:
    """before_breadcrumb: a log line loses its people here, where its record is at hand."""
    record = hint.get("log_record")
    return {**given, "message": words_of(record, record.getMessage())} if record is not None else given


def _only(names: Iterable[str], part: Part) -> dict[str, Any]:
    return {name: part[name] for name in names if name in part}


def _values(event: Event, name: str) -> list[dict[str, Any]]:
    part: Any = event.get(name) or {}
    found: list[dict[str, Any]] = part.get("values") or []
    return found


def _tags(*, caisse: str) -> dict[str, str]:
    known = get_contextvars()
    return {
        "caisse": caisse,
        **{name: str(known[name]) for name in ("request_id", "task", "job_id") if known.get(name)},
    }


def _place(event: Event) -> str:
    """The pattern of the address, or the name of the task. An address that none of ours matches is not told."""
    if event.get("transaction_info", {}).get("source") == "route":
        return str(event.get("transaction", ""))
    return str(get_contextvars().get("task", ""))


def _request(given: Part, *, place: str) -> dict[str, Any]:
    if not given:
        return {}
    url = urlsplit(given.get("url", ""))
    headers = {
        name: scrub(str(value)) for name, value in given.get("headers", {}).items() if name.lower() in HEADERS
    }
    return {
        "method": given.get("method", ""),
        "url": f"{url.scheme}://{scrub(url.netloc)}{place}",
        "headers": headers,
    }


def _crumb(given: Part) -> dict[str, Any]:
    """The statement with its placeholders, the words of a line; what hangs on them is left."""
    words = str(given.get("message") or "")
    if given.get("category") == "query":
        words = _LITERAL.sub(PUT_INSTEAD, words)
    return {**_only(CRUMB, given), "message": scrub(words)}


def _exception(given: Part) -> dict[str, Any]:
    frames = (given.get("stacktrace") or {}).get("frames") or []
    return {
        **_only(("type", "module", "thread_id"), given),
        "value": scrub(str(given.get("value") or "")),
        "mechanism": _only(
            ("type", "handled", "exception_id", "parent_id", "source"), given.get("mechanism") or {}
        ),
        "stacktrace": {"frames": [_only(FRAME, frame) for frame in frames]},
    }

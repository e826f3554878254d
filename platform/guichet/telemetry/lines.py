"""How a log record is written: a JSON object a line in production, a line for people in the demo."""

from collections.abc import MutableMapping
from datetime import UTC, datetime
from logging import LogRecord
from typing import Any

from structlog.contextvars import merge_contextvars
from structlog.processors import JSONRenderer, format_exc_info
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.typing import Processor

from guichet.kernel.scrubbing import scrub
from guichet.telemetry.words import words_of

Line = MutableMapping[str, Any]
# What may stand in a line beside the words, and no more: libraries hang requests and arguments on their records.
FACTS = ("request_id", "method", "route", "status", "duration_ms", "task", "job_id")


def as_json() -> ProcessorFormatter:
    """`time`, `level`, `caisse`, `logger`, `message`, the facts there are, `exception`."""
    return _formatter(JSONRenderer())


def as_text() -> ProcessorFormatter:
    """`2026-10-21 14:00:00 INFO [nimes] guichet.access: …` in local time, an exception below it."""
    return _formatter(_for_people)


def _formatter(renderer: Processor) -> ProcessorFormatter:
    chain: tuple[Processor, ...] = (merge_contextvars, ExtraAdder(FACTS), format_exc_info, _line, renderer)
    return ProcessorFormatter(processors=chain)


def _line(_logger: object, _method: str, event: Line) -> Line:
    record: LogRecord = event["_record"]
    line: Line = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "caisse": caisse_of(record),
        "logger": record.name,
        "message": words_of(record, event["event"]),
    }
    line.update((fact, event[fact]) for fact in FACTS if event.get(fact) is not None)
    if "exception" in event:
        line["exception"] = scrub(event["exception"])
    return line


def caisse_of(record: LogRecord) -> str:
    """The schema that it is about. procrastinate writes of a job when its caisse is no longer set."""
    arguments = getattr(record, "job", {}).get("task_kwargs", {})
    return str(arguments.get("tenant") or getattr(record, "schema", ""))


def _for_people(_logger: object, _method: str, line: Line) -> str:
    moment = datetime.fromisoformat(line["time"]).astimezone()
    start = f"{moment:%Y-%m-%d %H:%M:%S} {line['level'].upper()} [{line['caisse']}] {line['logger']}: "
    return "\n".join((start + line["message"], *filter(None, [line.get("exception")])))

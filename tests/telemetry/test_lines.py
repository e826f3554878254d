"""How a log record is written, and what it may not say."""

import json
import logging
import sys
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from structlog.contextvars import bound_contextvars, get_contextvars

from guichet.telemetry.jobs import told_of
from guichet.telemetry.lines import as_json, as_text
from guichet.tenancy.logs import TenantFilter
from tenants.jobs.middleware import in_its_caisse
from tenants.models import Caisse

CALL = "messaging.deliver[12](tenant='alpha', message='Rivière (Anne)')"
MOMENT = datetime(2026, 10, 21, 12, 0, 0, 345_000).astimezone()


def record(
    text: str, *args: Any, name: str = "guichet.test", level: int = logging.WARNING, **more: Any
) -> logging.LogRecord:
    made = logging.getLogger(name).makeRecord(
        name, level, "x.py", 1, text, args, more.pop("exc_info", None), extra=more
    )
    made.created = MOMENT.timestamp()
    TenantFilter().filter(made)
    return made


def as_object(*args: Any, **more: Any) -> dict[str, Any]:
    line = as_json().format(record(*args, **more))
    assert "\n" not in line
    found: dict[str, Any] = json.loads(line)
    return found


def test_a_line_is_one_object_in_a_fixed_order() -> None:
    line = as_object("%s caisses", 3)
    assert list(line) == ["time", "level", "caisse", "logger", "message"]
    assert datetime.fromisoformat(line["time"]) == MOMENT
    assert line["time"].endswith("+00:00")
    assert (line["level"], line["caisse"], line["message"]) == ("warning", "public", "3 caisses")


def test_a_line_for_people_is_one_line() -> None:
    text = as_text().format(record("%s caisses", 3))
    assert text == f"{MOMENT:%Y-%m-%d %H:%M:%S} WARNING [public] guichet.test: 3 caisses"


def told() -> None:
    raise ValueError("06 39 98 12 34")


def failed() -> Any:
    """A failure with a cause, each with something to hide."""
    try:
        try:
            told()
        except ValueError as cause:
            raise RuntimeError("FR7630006000011234567890189") from cause
    except RuntimeError:
        return sys.exc_info()


@pytest.mark.parametrize("form", [as_json, as_text])
def test_what_tells_who_somebody_is_is_scrubbed_from_words_and_failures(form: Any) -> None:
    words = ("code sent to %s for %s", "anne@example.org", 1840276451089)
    line = form().format(record(*words, exc_info=failed()))
    for hidden in ("anne@", "39 98 12", "FR76", "1840276451089"):
        assert hidden not in line
    for kept in ("RuntimeError", "ValueError", "in told", "code sent to"):
        assert kept in line


def test_a_library_adds_nothing_of_its_own_to_a_line() -> None:
    line = as_object("x", client="Anne Rivière", request=object(), queue=["Rivière"], status=503)
    assert "Rivi" not in json.dumps(line)
    assert line["status"] == 503


def test_a_line_of_a_library_that_breaks_a_rule_of_json_is_written_all_the_same() -> None:
    assert as_object("\ud800 \x00 \u2028 %s", {"a": object})["message"]


def test_a_line_in_a_caisse_names_it(in_alpha: Caisse) -> None:
    assert as_object("x")["caisse"] == "alpha"


def test_what_procrastinate_writes_of_a_job_has_no_arguments_and_names_its_caisse() -> None:
    line = as_object(
        f"Job {CALL} ended with status: Error, lasted 0.123 s - Result: Rivière",
        name="procrastinate.worker",
        job={"task_kwargs": {"tenant": "alpha", "message": "Rivière"}, "call_string": CALL},
    )
    assert line["message"] == "Job messaging.deliver[12] ended with status: Error, lasted 0.123 s"
    assert line["caisse"] == "alpha"
    assert "Rivi" not in json.dumps(line)


def test_a_tick_of_the_clock_is_of_no_caisse() -> None:
    tick = {"task_kwargs": {"timestamp": 3}, "call_string": "tenants.minute[1](timestamp=3)"}
    assert (
        as_object("Job tenants.minute[1](timestamp=3) ended", name="procrastinate.worker", job=tick)["caisse"]
        == "public"
    )


def test_the_server_does_not_write_the_address_that_failed() -> None:
    words = as_object("Error handling request %s %s", "GET", "/contrats/?q=anne", name="gunicorn.error")[
        "message"
    ]
    assert words == "Error handling request GET -"


def test_a_job_names_itself_in_each_of_its_lines_and_in_no_other(committed: None) -> None:
    context: Any = SimpleNamespace(
        job=SimpleNamespace(id=7, task_name="pawn.mirror", task_kwargs={"tenant": "alpha"})
    )
    line = in_its_caisse(lambda: as_object("x"), context, object())
    assert (line["caisse"], line["task"], line["job_id"]) == ("alpha", "pawn.mirror", 7)
    assert "task" not in as_object("x")


def test_a_job_that_fails_leaves_no_name_behind() -> None:
    with pytest.raises(ZeroDivisionError), told_of(task="pawn.mirror", job_id=7):
        1 / 0  # noqa: B018  # the failure itself
    assert get_contextvars() == {}


def test_a_request_within_a_job_is_told_of_both() -> None:
    with told_of(task="a", job_id=1), bound_contextvars(request_id="b"):
        line = as_object("x")
    assert (line["task"], line["request_id"]) == ("a", "b")


def test_the_server_and_every_library_write_through_the_same_handler() -> None:
    loggers = settings.LOGGING["loggers"]
    assert loggers["gunicorn.error"]["handlers"] == settings.LOGGING["root"]["handlers"] == ["stderr"]
    assert [name for name, each in loggers.items() if each.get("handlers", ["stderr"]) != ["stderr"]] == []

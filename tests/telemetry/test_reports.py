"""What leaves for Sentry when a page and a job crash in two caisses, and what never does."""

import json
import logging
from typing import Any

import sentry_sdk

from guichet.telemetry.failures import watch
from guichet.telemetry.reports import FRAME, mark, report

Event = dict[str, Any]
HIDDEN = (
    *("Riviere", "example.org", "39 98 12 34", "1000000001", "FR76"),
    *("203.0.113.7", "Bearer", "Telephone", "guichet_session", "next=", "secret="),
)
PAGE = "/contrats/{uuid}/"


def page(reported: list[Event]) -> list[Event]:
    return [event for event in reported if event.get("transaction") == PAGE]


def job(reported: list[Event]) -> list[Event]:
    return [event for event in reported if "task" in event["tags"]]


def test_each_failure_leaves_once(reported: list[Event]) -> None:
    assert len(page(reported)) == 2
    assert len(job(reported)) == 2
    assert len(reported) == 5


def test_each_failure_names_its_caisse(reported: list[Event]) -> None:
    assert [event["tags"]["caisse"] for event in page(reported)] == ["alpha", "beta"]
    # Two jobs run at a time: either may fail first.
    assert sorted(event["tags"]["caisse"] for event in job(reported)) == ["alpha", "beta"]


def test_nothing_tells_who_somebody_is(reported: list[Event]) -> None:
    for event in reported:
        text = json.dumps(event, ensure_ascii=False)
        assert [hidden for hidden in HIDDEN if hidden.lower() in text.lower()] == []


def test_a_page_that_fails_is_told_by_its_route_and_by_its_number(reported: list[Event]) -> None:
    alpha, beta = page(reported)
    assert alpha["request"] == {
        "method": "POST",
        "url": f"http://alpha.localhost{PAGE}",
        "headers": {
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": alpha["request"]["headers"]["Content-Length"],
        },
    }
    assert len(alpha["tags"]["request_id"]) == 32
    assert alpha["tags"]["request_id"] != beta["tags"]["request_id"]


def test_a_job_that_fails_is_told_by_its_task_and_without_its_arguments(reported: list[Event]) -> None:
    for event in job(reported):
        assert event["tags"]["task"] == event["transaction"] == "messaging.deliver"
        assert event["tags"]["job_id"]
        assert "request" not in event


def test_where_it_failed_is_told_and_not_what_the_variables_held(reported: list[Event]) -> None:
    for event in (*page(reported), *job(reported)):
        [failure] = event["exception"]["values"]
        assert failure["type"] in {"RuntimeError", "ValueError"}
        frames = failure["stacktrace"]["frames"]
        assert len(frames) > 3
        assert {key for frame in frames for key in frame} <= set(FRAME)
    [failure] = page(reported)[0]["exception"]["values"]
    assert failure["value"] == "[…] called from […]: 12"
    assert failure["stacktrace"]["frames"][-1]["function"] == "crash"


def test_the_statements_before_it_have_no_parameters(reported: list[Event]) -> None:
    statements = [
        each["message"] for each in page(reported)[0]["breadcrumbs"]["values"] if each["category"] == "query"
    ]
    assert statements[-1] == "SELECT %s::text, […]"
    assert any("tenants_domain" in statement and "= %s" in statement for statement in statements)


def test_the_statements_of_one_caisse_are_not_in_the_report_of_another(reported: list[Event]) -> None:
    for event in reported:
        text = json.dumps(event["breadcrumbs"])
        others = {"alpha", "beta"} - {event["tags"]["caisse"]}
        assert not [name for name in others if f'\\"{name}\\"' in text]


def test_an_error_that_is_only_logged_is_told_in_its_scrubbed_words(reported: list[Event]) -> None:
    [told] = [event for event in reported if "logentry" in event]
    assert told["logentry"] == {"message": "[…] called from […] of /journal/<uuid:uuid>/"}
    assert told["tags"]["caisse"] == "alpha"
    assert "exception" not in told


def test_a_report_says_of_which_release_and_environment_it_is(reported: list[Event]) -> None:
    assert {(event["release"], event["environment"]) for event in reported} == {("guichet@essai", "essai")}
    assert {key for event in reported for key in event} <= {
        *(
            "event_id",
            "timestamp",
            "level",
            "logger",
            "platform",
            "release",
            "environment",
            "server_name",
            "sdk",
        ),
        *("contexts", "tags", "transaction", "request", "breadcrumbs", "exception", "logentry"),
    }


def test_without_an_address_nothing_is_watched() -> None:
    assert not watch(dsn="", environment="essai", release="essai", sample_rate=1.0)
    assert not sentry_sdk.is_initialized()


def test_what_a_library_adds_to_an_event_is_left_behind() -> None:
    given: Any = {
        "event_id": "1",
        "user": {"email": "anne@example.org"},
        "extra": {"client": "Rivière"},
        "modules": {"django": "5"},
        "request": {
            "url": "https://0639981234.example.org/contrats/?q=a#b",
            "method": "GET",
            "data": {"secret": "a"},
            "cookies": {"a": "b"},
            "env": {"REMOTE_ADDR": "203.0.113.7"},
            "query_string": "q=a",
            "headers": {"Accept": "text/html", "Cookie": "a=b", "X-Forwarded-For": "203.0.113.7"},
        },
        "transaction": "/anne/rivière/",
        "transaction_info": {"source": "url"},
        "contexts": {
            "trace": {"trace_id": "2", "data": {"url.full": "/anne/"}},
            "response": {"cookies": "a"},
        },
    }
    assert report(given, {}) == {
        "event_id": "1",
        "contexts": {"trace": {"trace_id": "2"}},
        "tags": {"caisse": "public"},
        "request": {"method": "GET", "url": "https://[…].example.org", "headers": {"Accept": "text/html"}},
    }


def test_what_is_reported_already_is_not_reported_by_whoever_logs_it() -> None:
    error = ValueError("once")
    found = (ValueError, error, None)
    line = logging.getLogger("procrastinate.worker").makeRecord(
        "procrastinate.worker", logging.ERROR, "x.py", 1, "x", (), found
    )
    assert report({}, {"exc_info": found, "log_record": line}) is not None
    mark(error)
    assert report({}, {"exc_info": found, "log_record": line}) is None
    assert report({}, {"exc_info": found}) is not None

"""One line about each request, and the number by which its lines are found."""

import io
import ipaddress
import json
import logging
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client as Browser
from django.test import override_settings
from django.urls import path
from django_tenants.utils import tenant_context

from guichet.telemetry.lines import as_json
from tenant_apps.pawn.models import Contract
from tenants.models import Caisse
from tests.isolation.visits import BrowserAt, first_step, signed_in
from tests.tenancy.test_requests import any_tenant_filter
from tests.world import ALPHA, ANNE, BRUNO

NUMBER = re.compile(r"[0-9a-f]{32}")
GIVEN = "0f8c1b2e-proxy-number"
PROXY = {"REMOTE_ADDR": "10.0.0.1"}


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the handler of the log writes in production."""
    [handler] = [each for each in logging.getLogger().handlers if any_tenant_filter(each)]
    assert isinstance(handler, logging.StreamHandler)
    stream, formatter = io.StringIO(), handler.formatter
    before = handler.setStream(stream)
    handler.setFormatter(as_json())
    yield stream
    handler.setFormatter(formatter)
    handler.setStream(before)


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.fixture
def networks() -> Iterator[None]:
    with override_settings(TRUSTED_PROXIES=[ipaddress.ip_network("10.0.0.0/8")]):
        yield


def test_a_request_has_one_line_with_what_it_was_and_how_it_ended(
    db: None, browser_at: BrowserAt, written: io.StringIO
) -> None:
    answer = browser_at(ANNE.host).get("/connexion/?next=/contrats/")
    [line] = lines(written)
    assert set(line) == {
        *("time", "level", "caisse", "logger", "message"),
        *("request_id", "method", "route", "status", "duration_ms"),
    }
    assert line["caisse"] == "alpha"
    assert (line["method"], line["route"], line["status"]) == ("GET", "/connexion/", 200)
    assert line["logger"] == "guichet.access"
    assert 0 < line["duration_ms"] < 60_000
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line["time"])
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert NUMBER.fullmatch(line["request_id"])


def test_a_line_tells_the_route_and_not_the_contract(
    in_alpha: Caisse, browser_at: BrowserAt, written: io.StringIO
) -> None:
    with tenant_context(in_alpha):
        contract = Contract.objects.get(pk=1)
    anne = signed_in(browser_at(ANNE.host), ANNE)
    assert anne.get(f"/contrats/{contract.uuid}/?q=secret").status_code == 200
    assert lines(written)[-1]["route"] == "/contrats/<uuid:uuid>/"
    for told in (
        str(contract.uuid),
        "secret",
        ANNE.identifier,
        ANNE.phone,
        "Riviere",
        "127.0.0.1",
        "session",
    ):
        assert told not in written.getvalue()


def test_what_is_typed_in_a_form_is_in_no_line(db: None, browser_at: BrowserAt, written: io.StringIO) -> None:
    first_step(browser_at(ANNE.host), ANNE)
    browser_at(ANNE.host).post("/connexion/", {"identifier": "anne@example.org", "secret": "hunter2-hunter2"})
    assert len(lines(written)) == 2
    for told in (ANNE.identifier, ANNE.secret, "anne@example.org", "hunter2"):
        assert told not in written.getvalue()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ((ANNE.host, "/anne@example.org/0639981234/"), ("alpha", "-", 404)),
        ((BRUNO.host, "/"), ("beta", "/", 302)),
        (("gie.localhost", "/connexion/"), ("gie", "/connexion/", 200)),
        (("localhost", "/"), ("public", "/", 200)),
        (("unknown.example.org", "/connexion/"), ("public", "-", 404)),
        (("localhost", "/static/guichet/0639981234.css"), ("public", "/static/…", 404)),
    ],
)
def test_an_address_that_is_none_of_ours_is_not_written(
    asked: tuple[str, str],
    told: tuple[str, str, int],
    db: None,
    browser_at: BrowserAt,
    written: io.StringIO,
) -> None:
    host, address = asked
    browser_at(host).get(address)
    [line] = lines(written)
    assert (line["caisse"], line["route"], line["status"]) == told
    assert "0639981234" not in written.getvalue()


def test_a_method_that_somebody_made_up_is_not_written(
    db: None, browser_at: BrowserAt, written: io.StringIO
) -> None:
    browser_at(ANNE.host).generic("ANNE.RIVIERE", "/connexion/")
    [line] = lines(written)
    assert (line["method"], line["status"]) == ("-", 405)


def test_a_probe_leaves_no_line(db: None, written: io.StringIO) -> None:
    browser = Browser()
    assert browser.get("/healthz").status_code == 200
    assert browser.post("/healthz").status_code == 405
    assert written.getvalue() == ""
    assert {browser.get("/readyz").status_code for _ in range(3)} == {503}
    [line] = lines(written)
    assert line["message"].startswith("readiness: ")


def test_two_requests_have_two_numbers_and_nothing_keeps_them(
    db: None, browser_at: BrowserAt, written: io.StringIO
) -> None:
    browser = browser_at(ANNE.host)
    numbers = {browser.get("/connexion/").headers["X-Request-ID"] for _ in range(3)}
    logging.getLogger("guichet.test").warning("outside")
    assert len(numbers) == 3
    assert "request_id" not in lines(written)[-1]


def test_the_number_of_a_declared_proxy_is_kept_and_given_back(
    networks: None, db: None, browser_at: BrowserAt, written: io.StringIO
) -> None:
    answer = browser_at(ANNE.host).get("/connexion/", HTTP_X_REQUEST_ID=GIVEN, **PROXY)  # type: ignore[arg-type]  # headers are what remains
    assert answer.headers["X-Request-ID"] == GIVEN
    assert {line["request_id"] for line in lines(written)} == {GIVEN}


@pytest.mark.parametrize("peer", ["203.0.113.7", "127.0.0.1", ""])
def test_a_stranger_does_not_choose_the_number(
    peer: str, networks: None, db: None, browser_at: BrowserAt
) -> None:
    answer = browser_at(ANNE.host).get("/connexion/", HTTP_X_REQUEST_ID=GIVEN, REMOTE_ADDR=peer)
    assert NUMBER.fullmatch(answer.headers["X-Request-ID"])


@pytest.mark.parametrize(
    "given", ["", "short", "a" * 65, "anne@example.org-0639981234", "a b" * 8, "é" * 20, "x\r\ny" * 5]
)
def test_a_proxy_that_hands_on_nonsense_gets_a_number_of_ours(
    given: str, networks: None, db: None, browser_at: BrowserAt
) -> None:
    answer = browser_at(ANNE.host).get("/connexion/", HTTP_X_REQUEST_ID=given, **PROXY)  # type: ignore[arg-type]  # headers are what remains
    assert NUMBER.fullmatch(answer.headers["X-Request-ID"])


def crash(request: HttpRequest, uuid: UUID) -> HttpResponse:
    raise RuntimeError("0639981234 is not a ring")


urlpatterns = [path("contrats/<uuid:uuid>/", crash)]
handler500 = "guichet.web.errors.server_error"


def test_a_page_that_fails_is_found_by_its_number_and_told_without_its_address(
    db: None, browser_at: BrowserAt, written: io.StringIO
) -> None:
    browser = browser_at(ANNE.host)
    browser.raise_request_exception = False
    with override_settings(URL_TREES={"caisse": __name__}):
        answer = browser.get("/contrats/3fa85f64-5717-4562-b3fc-2c963f66afa6/?q=anne")
    assert answer.status_code == 500
    failure, access = lines(written)
    assert failure["message"] == "Internal Server Error: /contrats/<uuid:uuid>/"
    assert failure["caisse"] == access["caisse"] == ALPHA
    assert failure["request_id"] == access["request_id"] == answer.headers["X-Request-ID"]
    assert "RuntimeError: […] is not a ring" in failure["exception"]
    assert "in crash" in failure["exception"]
    for told in ("3fa85f64", "0639981234", "q=anne"):
        assert told not in written.getvalue()

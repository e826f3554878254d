"""From plain HTTP to HTTPS, without saying back the name that a request claims to be for."""

import ipaddress
from collections.abc import Iterator

import pytest
from django.test import Client as Browser
from django.test import override_settings

from tests.tenancy.test_hosts import UNKNOWN, at

SIGN_IN = "/connexion/"
PROXY = {"REMOTE_ADDR": "10.0.0.1"}


@pytest.fixture(autouse=True)
def _as_in_production() -> Iterator[None]:
    with override_settings(
        SECURE_SSL_REDIRECT=True,
        SECURE_REDIRECT_EXEMPT=[""],
        SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
        SECURE_HSTS_SECONDS=3600,
        TRUSTED_PROXIES=[ipaddress.ip_network("10.0.0.0/8")],
    ):
        yield


@pytest.mark.parametrize(
    "host", ["alpha.localhost", "ALPHA.localhost.", "alpha.localhost:80", "alpha.localhost:8000"]
)
def test_a_caisse_is_shown_by_https_alone_under_the_name_that_we_know(host: str, db: None) -> None:
    answer = at(host).get(SIGN_IN, {"next": "/contrats/"})
    assert answer.status_code == 301
    assert answer.headers["Location"] == "https://alpha.localhost/connexion/?next=%2Fcontrats%2F"
    assert not answer.cookies


@pytest.mark.parametrize(
    "path", ["/", SIGN_IN, "/contrats/", "//example.com/", "/static/guichet/css/none.css"]
)
def test_an_unknown_host_is_sent_nowhere(path: str, db: None) -> None:
    for host in UNKNOWN:
        for answer in (at(host).get(path), at(host).post(path, {"a": "b"})):
            assert answer.status_code == 404, host
            assert "Location" not in answer.headers
            assert not host or len(host) < 5 or host not in answer.content.decode()


def test_the_page_of_an_unknown_host_keeps_its_headers(db: None) -> None:
    answer = at("unknown.example.org").get("/")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["//example.com/", "//example.com", "/\\example.com/"])
def test_no_path_leads_to_another_host(path: str, db: None) -> None:
    location = (
        Browser(HTTP_HOST="alpha.localhost").get(path).headers.get("Location", "https://alpha.localhost/")
    )
    assert location.startswith("https://alpha.localhost/")


def test_what_a_declared_proxy_took_by_https_is_answered(db: None) -> None:
    browser = Browser(HTTP_HOST="alpha.localhost", HTTP_X_FORWARDED_PROTO="https", **PROXY)  # type: ignore[arg-type]  # headers are what remains
    answer = browser.get(SIGN_IN)
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=3600"


def test_a_stranger_cannot_say_that_it_came_by_https(db: None) -> None:
    answer = Browser(HTTP_HOST="alpha.localhost", HTTP_X_FORWARDED_PROTO="https").get(SIGN_IN)
    assert answer.status_code == 301

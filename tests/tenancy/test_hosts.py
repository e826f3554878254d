from collections.abc import Callable

import pytest
from django.db import connection as proxy
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from guichet.tenancy.connection import connection
from guichet.web.hosts import HostRefusedError, normal_host
from tenants.models import Caisse
from tenants.provisioning.connections import as_migrator, become_owner

SIGN_IN = "/connexion/"
UNKNOWN = (
    "unknown.example.org",
    "gamma.localhost",
    "alpha",
    "alpha.localhost.example.org",
    "xalpha.localhost",
    "www.alpha.localhost",
    "alpha.localhost..",
    ".alpha.localhost",
    "alpha.localhost\x00",
    "alpha\x00.localhost",
    "alpha.localhost:port",
    "alpha.localhost:80:80",
    "alpha localhost",
    "alpha.localhost/",
    "beta.localhost@alpha.localhost",
    "alpha.localhost, beta.localhost",
    "alpha_.localhost",
    "nîmes.localhost",
    "xn--",
    "a" * 300,
    "a." * 150,
    "127.0.0.1",
    "127.0.0.1:8000",
    "[::1]",
    "[::1]:8000",
    "[::ffff:127.0.0.1]:8000",
    "[alpha.localhost]",
    "%61lpha.localhost",
    "'; DROP TABLE tenants_domain; --",
    "",
    ".",
    ":8000",
)
OURS = ("alpha", "beta", "gie", "porte d", "caisse ", "tenant")


def at(host: str) -> Browser:
    return Browser(SERVER_NAME="10.0.0.1", HTTP_HOST=host)


def names_in(content: bytes) -> list[str]:
    words = content.decode().lower()
    return [name for name in OURS if name in words]


@pytest.mark.parametrize(
    "host",
    [
        "alpha.localhost",
        "ALPHA.LOCALHOST",
        "Alpha.LocalHost",
        "alpha.localhost.",
        "alpha.localhost:8000",
        "ALPHA.localhost.:8000",
        "www.alpha.example.org",
        "WWW.Alpha.Example.ORG.:443",
    ],
)
def test_trap_20_a_host_is_found_however_it_is_written(host: str, alpha: Caisse) -> None:
    answer = at(host).get(SIGN_IN)
    assert answer.status_code == 200
    assert "Caisse Alpha" in answer.content.decode()


@pytest.mark.parametrize("host", UNKNOWN)
def test_an_unknown_host_learns_nothing(host: str, db: None) -> None:
    for answer in (at(host).get(SIGN_IN), at(host).post(SIGN_IN, {"identifier": "1", "secret": "1"})):
        assert answer.status_code == 404
        assert names_in(answer.content) == []
        assert not answer.cookies
    assert connection.schema_name == "public"


def test_a_request_without_a_host_learns_nothing(db: None) -> None:
    for server in ("10.0.0.1", "_", ""):
        answer = Browser(SERVER_NAME=server).get(SIGN_IN)
        assert answer.status_code == 404
        assert names_in(answer.content) == []


def test_all_unknown_hosts_get_the_same_page(db: None) -> None:
    assert len({at(host).get(path).content for host in UNKNOWN for path in ("/", SIGN_IN)}) == 1


def test_a_host_costs_one_query(alpha: Caisse) -> None:
    at("alpha.localhost").get("/marque/0.css")
    with CaptureQueriesContext(proxy) as queries:
        at("alpha.localhost").get("/marque/0.css")
    [asked] = [query["sql"] for query in queries if not query["sql"].startswith("SET search_path")]
    assert "tenants_domain" in asked
    with CaptureQueriesContext(proxy) as queries:
        at("\x00").get("/")
    assert len(queries) == 0


def test_a_caisse_without_a_published_policy_does_not_answer(committed: None) -> None:
    with as_migrator() as owner:
        become_owner(owner)
        owner.execute("UPDATE tenants_caisse SET policy_version = 0 WHERE schema_name = 'alpha'")
    try:
        answer = at("alpha.localhost").get(SIGN_IN)
    finally:
        with as_migrator() as owner:
            become_owner(owner)
            owner.execute("UPDATE tenants_caisse SET policy_version = 1 WHERE schema_name = 'alpha'")
    assert answer.status_code == 404
    assert names_in(answer.content) == []


def test_a_host_with_an_accent_is_found_by_its_ascii_name(committed: None) -> None:
    host = normal_host("Nîmes.example.org")
    with as_migrator() as owner:
        become_owner(owner)
        owner.execute(
            "INSERT INTO tenants_domain (domain, tenant_id, is_primary)"
            " SELECT %s, id, false FROM tenants_caisse WHERE schema_name = 'alpha'",
            [host],
        )
    try:
        assert at("XN--nmes-0pa.example.org").get(SIGN_IN).status_code == 200
    finally:
        with as_migrator() as owner:
            become_owner(owner)
            owner.execute("DELETE FROM tenants_domain WHERE domain = %s", [host])


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("NÎMES.example.org.:8000", "xn--nmes-0pa.example.org"),
        ("nîmes.example.org", "xn--nmes-0pa.example.org"),
        ("ni\u0302mes.example.org", "xn--nmes-0pa.example.org"),
        ("ａlpha.localhost", "alpha.localhost"),
        (" alpha.localhost ", "alpha.localhost"),
        ("[::1]:8000", "[::1]:8000"),
        ("[::1]", "[::1]"),
        ("a" * 253, "a" * 253),
    ],
)
def test_the_normal_form_of_a_host(raw: str, normal: str) -> None:
    assert normal_host(raw) == normal


@pytest.mark.parametrize(
    "raw", ["", ".", ":80", " ", "a" * 254, "é" * 300, "-é-.example.org", "a\u2488com", "é\x00"]
)
def test_what_is_no_host_has_no_normal_form(raw: str) -> None:
    with pytest.raises(HostRefusedError):
        normal_host(raw)


def test_the_tree_of_addresses_is_the_one_of_the_kind(
    alpha: Caisse, browser_at: Callable[[str], Browser]
) -> None:
    front, gie = browser_at("localhost"), browser_at("gie.localhost")
    assert front.get("/").status_code == 200
    assert front.get(SIGN_IN).status_code == 404
    assert front.get("/contrats/").status_code == 404
    assert gie.get(SIGN_IN).status_code == 200
    assert gie.get("/contrats/").status_code == 404

"""Every address, method, visitor and place, against the reviewed file."""

import logging
import re
from collections.abc import Collection, Iterator
from itertools import product
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import path

from guichet.web import errors
from tests.routes.addresses import Address, addresses
from tests.routes.matrix import ACT, FILE, METHODS, NOT_FOUND, read
from tests.routes.visitors import HOSTS, Objects, Visitor, objects_of, suspended, visitors_of

MATRIX = read(FILE.read_text(encoding="utf-8"))
TREES = ("front", "gie", "caisse")
PRODUCTION = {tree: f"guichet.config.urls.{tree}" for tree in TREES}
# HEAD is GET without its body, and nobody answers the last four: thirty thousand requests for the slow lane.
READ_AND_ACT = ("GET", ACT)
in_two_lanes = pytest.mark.parametrize(
    "methods",
    [
        pytest.param(READ_AND_ACT, id="read-and-act"),
        pytest.param(set(METHODS) - set(READ_AND_ACT), id="the-rest", marks=pytest.mark.slow),
    ],
)
# Elsewhere all are nobody alike: the fast lane shows each pair of visitor and address at one host, in turn.
everywhere = pytest.mark.parametrize(
    ("methods", "in_turn"),
    [
        pytest.param(READ_AND_ACT, True, id="in-turn"),
        pytest.param(METHODS, False, id="whole", marks=pytest.mark.slow),
    ],
)
UNKNOWN = "a host that is not ours"
# What a form left is named anew each time.
KEPT = re.compile(r"reponses=[0-9a-f-]{36}$")
SIGNED = re.compile(r"reponse=[\w-]+%3A[\w-]+%3A[\w-]+$")
UNKNOWN_HOSTS = ("example.com", "alpha.example.com", "alpha", "127.0.0.1", "alpha.localhost.example.com")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_log_of_refusals() -> Iterator[None]:
    """Thousands of them are expected here."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def _refusals_without_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand refusals, of which the file holds the status: what their pages say is tested in tests/web."""
    monkeypatch.setattr(errors, "render", lambda *_, status: HttpResponse(status=status))
    monkeypatch.setattr(errors, "loader", SimpleNamespace(render_to_string=lambda *_: ""))


def tree_of(place: str) -> str:
    return "caisse" if place == "beta" else place


def known(tree: str) -> dict[str, Address]:
    return addresses(settings.URL_TREES[tree])


def gaps(rows: Any, found: Any) -> str:
    """What one has and the other has not."""
    lines = [f"no row for {path!r}" for path in sorted(set(found) - set(rows))]
    return "\n".join(lines + [f"no address for the row {path!r}" for path in sorted(set(rows) - set(found))])


def requests(tree: str, objects: Objects) -> Iterator[tuple[Address, str, bool]]:
    """Each address of a tree with each object: its URL, and whether the object is the visitor's."""
    for address in known(tree).values():
        name = address.names[0]
        if not address.has_object:
            yield address, address.url(), True
            continue
        yield address, address.url(**objects.own[name]), True
        for parts in objects.foreign[name]:
            yield address, address.url(**parts), False


def seen(visitor: Visitor, host: str, method: str, url: str) -> str:
    """The answer as the file writes it; what an act did to the database is undone."""
    before = transaction.savepoint() if method == ACT else None
    answer = visitor.ask(host, method, url)
    if before:
        transaction.savepoint_rollback(before)
    if method == "HEAD":
        assert not answer.content, f"HEAD {url} has a body"
    where = KEPT.sub("reponses=KEPT", answer.headers.get("Location", ""))
    return f"{answer.status_code} {SIGNED.sub('reponse=SIGNED', where)}".strip()


def expected_elsewhere(place: str, address: Address, method: str, url: str) -> str:
    if place == UNKNOWN:
        return MATRIX.unknown_host
    row = MATRIX.trees[tree_of(place)].get(address.path)
    if row is None:
        return NOT_FOUND
    return row.answer_elsewhere(method, url=url, has_object=address.has_object, forbidden=MATRIX.foreign_pair)


@pytest.mark.parametrize("tree", TREES)
def test_every_address_has_a_row_and_every_row_an_address(tree: str) -> None:
    assert not gaps(MATRIX.trees[tree], known(tree))


@pytest.mark.parametrize("tree", TREES)
def test_production_has_the_same_addresses_but_the_demos(tree: str) -> None:
    with_demo, without = set(known(tree)), set(addresses(PRODUCTION[tree]))
    assert without <= with_demo
    assert all(path.startswith("demo/") for path in with_demo - without)


def test_an_address_without_a_row_is_told_and_so_is_a_row_without_an_address() -> None:
    tree = ModuleType("tree")
    tree.urlpatterns = [path("tiroir/", HttpResponse), path("", HttpResponse)]  # type: ignore[attr-defined]  # a tree is a module
    found = addresses(tree)  # type: ignore[arg-type]  # the resolver takes the module itself too
    assert gaps({"": None, "cave/": None}, found) == "no row for 'tiroir/'\nno address for the row 'cave/'"


def test_every_group_of_answers_is_used() -> None:
    assert MATRIX.used == MATRIX.groups


def test_a_key_that_means_nothing_is_refused() -> None:
    text = FILE.read_text(encoding="utf-8")
    with pytest.raises(TypeError, match="qeuries"):
        read(text.replace('acts = "leaving", queries', 'acts = "leaving", qeuries = 1, queries'))


@pytest.mark.parametrize("tree", TREES)
@in_two_lanes
def test_at_home_each_visitor_gets_what_the_file_says(tree: str, methods: Collection[str]) -> None:
    visitors, wrong = visitors_of(tree), []
    for address, url, own in requests(tree, objects_of(tree)):
        row = MATRIX.trees[tree][address.path]
        for (who, visitor), method in product(visitors.items(), methods):
            expected = row.answer(method, who, url=url, own=own)
            got = seen(visitor, HOSTS[tree], method, url)
            if got != expected:
                wrong.append(f"{method} {url} by {who}: {got}, the file says {expected}")
    assert not wrong, "\n" + "\n".join(wrong)


# What is noted once a minute is no page's own: the clock stands still.
@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("tree", TREES)
def test_no_page_asks_more_of_the_database_than_the_file_allows(tree: str) -> None:
    visitors, wrong = visitors_of(tree), []
    for address, url, own in requests(tree, objects_of(tree)):
        allowed = MATRIX.trees[tree][address.path].queries
        for who, visitor in visitors.items() if own else ():
            with CaptureQueriesContext(connection) as queries:
                visitor.ask(HOSTS[tree], "GET", url)
            if len(queries) > allowed:
                wrong.append(f"GET {url} by {who}: {len(queries)} queries, the file allows {allowed}")
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.usefixtures("_refusals_without_a_page")
@pytest.mark.parametrize("tree", TREES)
@everywhere
def test_elsewhere_every_visitor_is_nobody(tree: str, methods: Collection[str], in_turn: bool) -> None:
    """The cookies and the objects of one host, shown at each other one, and at one that is not ours."""
    visitors, wrong = visitors_of(tree), []
    places = [*(place for place in HOSTS if place != tree), UNKNOWN]
    shown = [(address, url) for address, url, own in requests(tree, objects_of(tree)) if own]
    for (nth, (address, url)), (mth, (who, visitor)) in product(
        enumerate(shown), enumerate(visitors.items())
    ):
        asked = [places[(nth + mth) % len(places)]] if in_turn else places
        for place, method in product(asked, methods):
            host = HOSTS.get(place, UNKNOWN_HOSTS[0])
            expected = expected_elsewhere(place, address, method, url)
            got = seen(visitor, host, method, url)
            if got != expected:
                wrong.append(f"{method} {url} by {who} of {tree} at {host}: {got}, not {expected}")
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.usefixtures("_refusals_without_a_page")
@pytest.mark.parametrize("tree", TREES)
@in_two_lanes
def test_a_suspended_host_answers_nobody_but_with_its_look(tree: str, methods: Collection[str]) -> None:
    visitors, objects, wrong = visitors_of(tree), objects_of(tree), []
    with suspended(tree):
        for address, url, own in requests(tree, objects):
            row = MATRIX.trees[tree][address.path]
            for (who, visitor), method in product(visitors.items(), methods):
                home = row.answer(method, who, url=url, own=own)
                expected = home if row.while_suspended else MATRIX.suspended
                got = seen(visitor, HOSTS[tree], method, url)
                if got != expected:
                    wrong.append(f"{method} {url} by {who}: {got}, not {expected}")
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("host", UNKNOWN_HOSTS)
def test_the_page_of_an_unknown_host_is_the_same_for_all(host: str) -> None:
    page = Visitor({}).ask(host, "GET", "/").content.decode()
    assert page == Visitor({}).ask(UNKNOWN_HOSTS[0], "GET", "/contrats/").content.decode()
    assert not [name for name in ("Alpha", "Beta", "GIE", "alpha", "beta") if name in page]

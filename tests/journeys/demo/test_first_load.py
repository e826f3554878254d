"""What the first load of each sign-in page weighs, as the browser counts it on the wire."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from guichet.config.settings import demo
from tests.journeys.conftest import Visit
from tests.journeys.site import Site
from tests.routes.addresses import addresses

pytestmark = pytest.mark.browser

HEAVIEST = 60 * 1024
PHONE, DESK = 360, 1280
FILES = sorted((Path(__file__).resolve().parents[3] / "fixtures" / "caisses").glob("*.toml"))


def doors() -> list[tuple[str, str]]:
    """(host, path) of the sign-in pages of every caisse of the demo, and the front door."""
    found = []
    for file in FILES:
        caisse = tomllib.loads(file.read_text(encoding="utf-8"))["caisse"]
        kind = caisse.get("kind", "caisse")
        paths = (
            ["/"]
            if kind == "front"
            else [
                each.url()
                for each in addresses(demo.URL_TREES[kind]).values()
                if f"/{each.path}".endswith("/connexion/")
            ]
        )
        found += [(caisse["domains"][0].removesuffix("localhost").removesuffix("."), path) for path in paths]
    return found


class Scale:
    """Every byte that comes over the wire to a page, by address."""

    def __init__(self, page: Page) -> None:
        self.bytes: dict[str, int] = {}
        self._urls: dict[str, str] = {}
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        wire.on("Network.responseReceived", self._named)
        wire.on("Network.loadingFinished", self._weighed)

    def _named(self, event: dict[str, Any]) -> None:
        self._urls[event["requestId"]] = event["response"]["url"]

    def _weighed(self, event: dict[str, Any]) -> None:
        self.bytes[self._urls[event["requestId"]]] = event["encodedDataLength"]


def weighed(page: Page, address: str) -> dict[str, int]:
    scale = Scale(page)
    answer = page.goto(address, wait_until="networkidle")
    assert answer
    assert answer.status == 200, address
    return scale.bytes


def loads() -> list[Any]:
    """(host, path, width): a phone at the doors of Nîmes, and the other loads in the slow lane."""
    return [
        pytest.param(
            *(host, path, width),
            id=f"{host or 'front'}{path.rstrip('/')}-{width}",
            marks=[] if (host, width) == ("nimes", PHONE) else pytest.mark.slow,
        )
        for host, path in doors()
        for width in (PHONE, DESK)
    ]


@pytest.mark.parametrize(("host", "path", "width"), loads())
def test_the_first_load_of_a_sign_in_page_is_light(
    visit: Visit, site: Site, host: str, path: str, width: int
) -> None:
    found = weighed(visit(width=width), site.url(host, path))
    assert len(found) > 5
    assert all(size > 0 for size in found.values()), found
    assert sum(found.values()) <= HEAVIEST, found


def test_the_drawing_is_fetched_for_a_wide_screen_only(visit: Visit, site: Site) -> None:
    address = site.url("nimes", "/connexion/")
    drawings = {
        width: [
            url for url in weighed(visit(width=width), address) if url.endswith(".svg") and "/marque/" in url
        ]
        for width in (PHONE, DESK)
    }
    assert [len(drawings[width]) for width in (PHONE, DESK)] == [0, 1]


def test_every_caisse_of_the_demo_has_its_door_weighed() -> None:
    hosts = {host for host, _ in doors()}
    assert {"", "gie", "nimes", "paris"} <= hosts
    assert len(hosts) == len(FILES)

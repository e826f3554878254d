"""The pictures of the README, taken from a demo that runs."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from guichet.embedded import EmbeddedServer
from tests.journeys.conftest import QUIET
from tests.journeys.site import Site, running_site
from tests.journeys.visitor import LUCIE, sign_in

CHROMIUM = os.environ.get("GUICHET_CHROMIUM", "/usr/bin/chromium")


def take(folder: Path) -> Iterator[Path]:
    """Start a demo of its own, visit it, write PNG files."""
    with tempfile.TemporaryDirectory() as scratch:
        server = EmbeddedServer(Path(scratch) / "postgresql", durable=False)
        server.start()
        try:
            with running_site(server, Path(scratch)) as site, sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
                desk = browser.new_page(viewport={"width": 1280, "height": 860}, locale="fr-FR")
                phone = browser.new_page(viewport={"width": 360, "height": 900}, locale="fr-FR")
                yield from _visit(site, folder, desk=desk, phone=phone)
                browser.close()
        finally:
            server.destroy()


def _visit(site: Site, folder: Path, *, desk: Page, phone: Page) -> Iterator[Path]:
    desk.goto(site.url("nimes", "/connexion/"))
    yield _shot(desk, folder / "sign-in-nimes.png")
    sign_in(desk, site, LUCIE)
    desk.goto(site.url("nimes", "/contrats/"))
    desk.get_by_role("link", name="Bague en or et diamant").last.click()
    yield _shot(desk, folder / "contract-nimes.png")
    desk.goto(site.url("nimes", "/securite/"))
    yield _shot(desk, folder / "security-nimes.png")
    phone.goto(site.url("cpms", "/connexion/"))
    yield _shot(phone, folder / "keypad-cpms-phone.png")
    phone.goto(site.url("paris", "/connexion/"))
    yield _shot(phone, folder / "sign-in-paris-phone.png")


def _shot(page: Page, path: Path) -> Path:
    page.screenshot(path=str(path))
    return path

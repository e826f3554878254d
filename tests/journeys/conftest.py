"""A browser, and the demo for it to visit."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import servers
from tests.journeys.caisses import Caisses, serving
from tests.journeys.site import Site, running_site
from tests.world import restore_world

# Without these Chromium keeps asking its maker's servers, which no test may reach.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """On a server of its own: a test elsewhere stops that of the run, and a worker does not outlive its database."""
    with servers.server("site") as server:
        server.start()
        with running_site(server, tmp_path_factory.mktemp("site")) as found:
            yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Started for each module: its event loop must be gone before a test of another module uses the database."""
    path = os.environ.get("GUICHET_CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def caisses(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, chromium: object
) -> Iterator[Caisses]:
    """As the fixture `committed`, in the thread that may touch the database."""
    with django_db_blocker.unblock(), serving() as found:  # type: ignore[attr-defined]  # pytest-django's own fixture type is private
        try:
            yield found
        finally:
            found.do(restore_world)


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """`visit(width=360, javascript=False, dark=True)`: a new visitor's page.

    `address`: where the demo sees this visitor come from, as its proxy would say. Others are counted at 127.0.0.1.
    Whatever the browser's console said fails the test: a script or style that the content policy refused, a dead file.
    """
    said: list[str] = []
    contexts: list[BrowserContext] = []

    def open_page(
        *, width: int = 1280, javascript: bool = True, dark: bool = False, address: str = ""
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            locale="fr-FR",
            # A colour on its way from one scheme to the other would be measured.
            reduced_motion="reduce",
            extra_http_headers={"X-Forwarded-For": address} if address else {},
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not said, f"the browser's console said: {said}"

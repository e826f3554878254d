"""The page of components: whole, in every theme."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser

from guichet.web.brand import FOR_EVER, brand_of_theme
from tenants.brand import theme_names
from tenants.models import Caisse
from tests.web.test_looks_pages import Outline
from tests.world import ANNE

PAGE = "/demo/composants/"
FOLDER = Path(settings.BASE_DIR) / "platform" / "guichet" / "web" / "templates" / "components"

every_theme = pytest.mark.parametrize("theme", theme_names())


@pytest.fixture
def browser(alpha: Caisse, browser_at: Callable[[str], Browser]) -> Browser:
    return browser_at(ANNE.host)


def shown(browser: Browser, theme: str = "") -> Any:
    return browser.get(PAGE, {"theme": theme} if theme else {})


def test_the_page_shows_every_component_there_is(browser: Browser) -> None:
    rendered = {template.name for template in shown(browser).templates}
    there_are = {f"components/{file.name}" for file in FOLDER.iterdir()}
    assert len(there_are) > 20
    assert there_are - rendered == set()


@every_theme
def test_the_page_wears_any_theme_and_leads_to_the_others(theme: str, browser: Browser) -> None:
    page = Outline(shown(browser, theme).content.decode())
    brand = brand_of_theme(theme)
    assert f"{PAGE}{brand.digest}.css" in [link["href"] for link in page.all("link")]
    assert f"{PAGE}{brand.digest}.svg" in [image["src"] for image in page.all("img")]
    assert {f"{PAGE}?theme={name}" for name in theme_names()} <= {link.get("href") for link in page.all("a")}
    assert [link["href"] for link in page.all("a") if link.get("aria-current") == "page"][1] == (
        f"{PAGE}?theme={theme}"
    )


@every_theme
def test_the_look_of_any_theme_answers_under_its_digest(theme: str, browser: Browser) -> None:
    brand = brand_of_theme(theme)
    stylesheet = browser.get(f"{PAGE}{brand.digest}.css")
    assert stylesheet.content.decode() == brand.css
    drawing = browser.get(f"{PAGE}{brand.digest}.svg")
    assert drawing.content.decode() == brand.picture
    assert stylesheet.headers["Cache-Control"] == drawing.headers["Cache-Control"] == FOR_EVER


def test_without_a_choice_the_page_wears_the_theme_of_its_caisse(browser: Browser) -> None:
    assert shown(browser).content.decode().count(brand_of_theme("warm").digest) > 0


def test_the_words_of_a_theme_are_its_own_too(browser: Browser) -> None:
    assert "Vos objets en lieu sûr." in shown(browser, "heritage").content.decode()
    assert "Vos objets en lieu sûr." not in shown(browser, "warm").content.decode()


@pytest.mark.parametrize("theme", ["nothing", "../warm", "warm/templates", "WARM"])
def test_a_theme_that_is_none_is_not_found(theme: str, browser: Browser) -> None:
    assert shown(browser, theme).status_code == 404


def test_choosing_a_theme_there_changes_nothing_elsewhere(browser: Browser) -> None:
    shown(browser, "heritage")
    assert "Votre objet est à l’abri." in browser.get("/connexion/").content.decode()

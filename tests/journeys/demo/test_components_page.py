"""The page of components in a browser: every theme, both schemes, on a phone and on a desk."""

import re
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tenants.brand import theme_names
from tests.journeys.conftest import Visit
from tests.journeys.site import Site
from tests.journeys.visitor import assert_accessible, assert_fits

pytestmark = pytest.mark.browser

PHONE, DESK = 360, 1280
# The two that are furthest apart; the others in the slow lane.
QUICKLY = {("heritage", PHONE), ("clear", PHONE)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def opened(page: Page, site: Site, theme: str) -> Page:
    page.goto(site.url("nimes", f"/demo/composants/?theme={theme}"))
    return page


@pytest.mark.parametrize(
    ("theme", "width"),
    [
        pytest.param(theme, width, marks=[] if (theme, width) in QUICKLY else pytest.mark.slow)
        for theme in theme_names()
        for width in (PHONE, DESK)
    ],
)
def test_every_component_is_accessible_in_every_theme_and_scheme(
    visit: Visit, site: Site, theme: str, width: int
) -> None:
    page = opened(visit(width=width), site, theme)
    assert_fits(page)
    for scheme in SCHEMES:
        # Still, or a colour would be measured on its way from one scheme to the other.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert_accessible(page)


def test_no_two_themes_look_alike(visit: Visit, site: Site) -> None:
    page, looks = visit(), []
    for theme in theme_names():
        button = opened(page, site, theme).get_by_role("button", name="Continuer").first
        looks.append(
            button.evaluate(
                "e => { const s = getComputedStyle(e); return [s.backgroundColor, s.borderRadius, s.minHeight].join() }"
            )
        )
    assert len(set(looks)) == len(theme_names()), looks


@pytest.mark.parametrize(
    ("theme", "width", "beside"), [("clear", DESK, True), ("clear", PHONE, False), ("warm", DESK, False)]
)
def test_the_menu_of_a_clear_bank_stands_beside_a_wide_page(
    visit: Visit, site: Site, theme: str, width: int, beside: bool
) -> None:
    page = opened(visit(width=width), site, theme)
    menu, main = (
        page.get_by_role("navigation", name="Menu principal").bounding_box(),
        page.get_by_role("main").bounding_box(),
    )
    assert menu
    assert main
    assert (menu["x"] + menu["width"] <= main["x"]) is beside
    assert (menu["y"] + menu["height"] <= main["y"]) is not beside


def test_a_wait_is_counted_down_and_its_end_is_told(visit: Visit, site: Site) -> None:
    page = visit()
    page.clock.install()
    notice = opened(page, site, "warm").locator("[data-countdown]")
    expect(notice).to_contain_text("1 minute et 30 secondes")
    page.clock.run_for(5_000)
    expect(notice).to_contain_text(re.compile(r"1\smin 2[0-5]\ss"))
    page.clock.run_for(86_000)
    expect(notice).to_contain_text("Vous pouvez réessayer maintenant.")


def test_the_table_behind_a_chart_says_all_of_it(visit: Visit, site: Site) -> None:
    page = opened(visit(width=PHONE), site, "warm")
    figure = page.get_by_role("figure")
    expect(figure.get_by_role("row", name="septembre 2026")).to_be_hidden()
    figure.get_by_text("Voir en tableau").click()
    expect(figure.get_by_role("row", name="septembre 2026")).to_contain_text("1 015,36 €")
    expect(figure.get_by_role("row")).to_have_count(10)


def test_a_file_that_was_chosen_is_named_where_it_was_dropped(visit: Visit, site: Site) -> None:
    page = opened(visit(width=PHONE), site, "warm")
    field = page.locator("[name=piece-proof]")
    field.set_input_files({"name": "facture-octobre.pdf", "mimeType": "application/pdf", "buffer": b"x"})
    expect(page.locator(".drop", has=field)).to_contain_text("facture-octobre.pdf")


def test_the_key_of_an_application_is_copied_by_a_button(visit: Visit, site: Site) -> None:
    page = visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page, site, "warm").get_by_role("button", name="Copier la clé").click()
    expect(page.get_by_role("status").filter(has_text="La clé est copiée.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def test_nothing_moves_for_who_asked_for_stillness(visit: Visit, site: Site) -> None:
    page = visit()
    page.emulate_media(reduced_motion="no-preference")
    lasts = "e => getComputedStyle(e).transitionDuration"
    button = opened(page, site, "warm").get_by_role("button", name="Continuer").first
    assert button.evaluate(lasts) != "0s"
    page.emulate_media(reduced_motion="reduce")
    assert button.evaluate(lasts) == "0s"


def test_with_the_colours_of_the_system_a_typed_digit_still_shows(visit: Visit, site: Site) -> None:
    page = visit(width=PHONE)
    page.emulate_media(forced_colors="active")
    pad = opened(page, site, "warm").locator("#pin-keypad")
    pad.get_by_role("button", name="4", exact=True).click()
    fills = pad.locator(".keypad-dot").evaluate_all(
        "all => all.map(e => getComputedStyle(e).backgroundColor)"
    )
    assert fills[0] != fills[1]
    assert len(set(fills[1:])) == 1

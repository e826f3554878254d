"""The keypad in a browser: by finger, by keyboard, by its plain twin, and without JavaScript."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.site import Site
from tests.journeys.visitor import assert_fits

pytestmark = pytest.mark.browser

# As the page of components draws it: the digit of each position.
DRAWN = "3407691825"
PIN, AGAIN = "pin", "again"


def opened(
    visit: Visit, site: Site, *, theme: str = "warm", width: int = 360, javascript: bool = True
) -> Page:
    page = visit(width=width, javascript=javascript)
    page.goto(site.url("nimes", f"/demo/composants/?theme={theme}"))
    return page


def pad(page: Page, name: str = PIN) -> Locator:
    return page.locator(f"#{name}-keypad")


def key(page: Page, digit: str, name: str = PIN) -> Locator:
    return pad(page, name).get_by_role("button", name=digit, exact=True)


def form(page: Page) -> Locator:
    return page.locator("form", has=pad(page))


def plain(page: Page) -> Locator:
    return page.locator("[name=codes-pin]")


def sent(page: Page) -> dict[str, str]:
    """What the form of the two keypads sent; the page of components sends it in its own address."""
    form(page).get_by_role("button", name="Valider").click()
    page.wait_for_url("**/?*draw*")
    return {
        name: values[0] for name, values in parse_qs(urlsplit(page.url).query, keep_blank_values=True).items()
    }


def positions(digits: str) -> str:
    return ",".join(str(DRAWN.index(digit)) for digit in digits)


def test_the_places_of_the_keys_are_sent_and_the_digits_never(visit: Visit, site: Site) -> None:
    page = opened(visit, site)
    expect(plain(page)).to_be_hidden()
    for digit in "481902":
        key(page, digit).click()
    answer = sent(page)
    assert answer["pin-draw"] == "demonstration"
    assert answer["pin-positions"] == positions("481902")
    assert answer["codes-pin"] == ""
    assert answer["again-positions"] == ""
    assert "481902" not in page.url


def test_what_was_typed_is_told_and_can_be_erased(visit: Visit, site: Site) -> None:
    page = opened(visit, site)
    told = pad(page).get_by_text("sur 6")
    expect(told).to_have_attribute("aria-live", "polite")
    expect(told).to_have_text("0 chiffre saisi sur 6")
    for digit in "4444444":
        key(page, digit).click()
    expect(told).to_have_text("6 chiffres saisis sur 6")
    expect(pad(page).locator(".keypad-typed")).to_have_count(6)
    for _ in range(5):
        pad(page).get_by_role("button", name="Effacer").click()
    expect(told).to_have_text("1 chiffre saisi sur 6")
    assert sent(page)["pin-positions"] == positions("4")


def test_the_keyboard_types_moves_erases_and_sends(visit: Visit, site: Site) -> None:
    page = opened(visit, site)
    key(page, "3").focus()
    page.keyboard.type("12345")
    page.keyboard.press("Backspace")
    for arrow, there in (("ArrowRight", "4"), ("ArrowDown", "1"), ("ArrowLeft", "9"), ("ArrowUp", "3")):
        page.keyboard.press(arrow)
        expect(key(page, there)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(key(page, "3")).to_be_focused()
    page.keyboard.press("Enter")
    expect(pad(page).get_by_text("5 chiffres saisis sur 6")).to_be_visible()
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?*draw*")
    assert parse_qs(urlsplit(page.url).query)["pin-positions"] == [positions("123437")]


def test_the_digits_of_a_french_keyboard_need_no_shift(visit: Visit, site: Site) -> None:
    page = opened(visit, site)
    key(page, "3").focus()
    for code, letter in (("Digit1", "&"), ("Digit2", "é"), ("Digit0", "à")):
        pad(page).locator(":focus").dispatch_event("keydown", {"key": letter, "code": code, "bubbles": True})
    assert sent(page)["pin-positions"] == positions("120")


def test_a_field_to_type_in_is_one_button_away_and_so_is_the_way_back(visit: Visit, site: Site) -> None:
    page = opened(visit, site)
    key(page, "9").click()
    pad(page).get_by_role("button", name="Saisir le code au clavier").click()
    expect(pad(page)).to_be_hidden()
    expect(plain(page)).to_be_focused()
    plain(page).fill("481902")
    answer = sent(page)
    assert answer["codes-pin"] == "481902"
    assert answer["pin-positions"] == ""
    # Who once chose to type is asked to type.
    expect(plain(page)).to_be_visible()
    form(page).get_by_role("button", name="Utiliser le pavé à l’écran").first.click()
    expect(plain(page)).to_be_hidden()
    expect(key(page, "3")).to_be_focused()


def test_what_a_password_manager_fills_is_shown_and_sent(visit: Visit, site: Site) -> None:
    page = opened(visit, site)
    field = page.locator("[name=codes-pin]")
    field.evaluate("e => { e.value = '481902'; e.dispatchEvent(new Event('input', {bubbles: true})) }")
    expect(plain(page)).to_be_visible()
    answer = sent(page)
    assert answer["codes-pin"] == "481902"
    assert answer["pin-positions"] == ""


def test_what_was_filled_unseen_is_not_sent_beside_the_keys(visit: Visit, site: Site) -> None:
    page = opened(visit, site)
    plain(page).evaluate("e => { e.value = '000000' }")
    key(page, "4").click()
    answer = sent(page)
    assert answer["codes-pin"] == ""
    assert answer["pin-positions"] == positions("4")


def test_two_keypads_of_one_page_are_two(visit: Visit, site: Site) -> None:
    page = opened(visit, site)
    key(page, "1").click()
    key(page, "2", AGAIN).click()
    key(page, "5", AGAIN).click()
    answer = sent(page)
    assert (answer["pin-positions"], answer["again-positions"]) == (positions("1"), positions("25"))


@pytest.mark.parametrize(("theme", "least"), [("warm", 56), ("mutual", 64)])
def test_ten_large_keys_lie_in_two_rows_of_five(visit: Visit, site: Site, theme: str, least: int) -> None:
    page = opened(visit, site, theme=theme)
    for width in (320, 360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        boxes = [box for each in pad(page).locator("[data-position]").all() if (box := each.bounding_box())]
        assert len(boxes) == 10
        # On the narrowest phones the column is no wider than five keys of this width.
        assert min(box["width"] for box in boxes) >= (56 if width == 320 else least)
        assert min(box["height"] for box in boxes) >= least
        rows = [{round(box["y"]) for box in boxes[:5]}, {round(box["y"]) for box in boxes[5:]}]
        assert [len(row) for row in rows] == [1, 1]
        assert rows[0] != rows[1]
        around = pad(page).bounding_box()
        assert around
        # The colour of a key stops 3 px short of its edge.
        assert min(box["x"] for box in boxes) + 3 >= around["x"]
        assert max(box["x"] + box["width"] for box in boxes) - 3 <= around["x"] + around["width"]
        assert_fits(page)


def test_without_javascript_the_plain_field_is_all_there_is(visit: Visit, site: Site) -> None:
    page = opened(visit, site, javascript=False)
    expect(pad(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Utiliser le pavé à l’écran")).to_have_count(0)
    plain(page).fill("481902")
    answer = sent(page)
    assert answer["codes-pin"] == "481902"
    assert answer["pin-positions"] == ""


def test_the_link_of_an_error_leads_to_the_keys_that_show(visit: Visit, site: Site) -> None:
    page = opened(visit, site)
    link = "<a href='#id_codes-pin'>Composez tous les chiffres</a>"
    page.locator("main").evaluate("(main, link) => main.insertAdjacentHTML('afterbegin', link)", link)
    page.get_by_role("link", name="Composez tous les chiffres").click()
    expect(key(page, "3")).to_be_focused()

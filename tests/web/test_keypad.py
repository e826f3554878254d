"""The keypad before any script: a plain field, and what the script needs."""

from types import SimpleNamespace

from django import forms
from django.template.loader import render_to_string

from tests.web.test_looks_pages import Outline

DIGITS = (3, 4, 0, 7, 6, 9, 1, 8, 2, 5)


class Pin(forms.Form):
    """A PIN, asked and chosen."""

    secret = forms.CharField(label="Code secret", help_text="Le vôtre", widget=forms.PasswordInput)
    again = forms.CharField(label="Encore", widget=forms.PasswordInput)


def keypad(field: str = "secret", *, data: dict[str, str] | None = None, **more: object) -> Outline:
    keys = [SimpleNamespace(position=at, digit=digit) for at, digit in enumerate(DIGITS)]
    drawn = SimpleNamespace(token="un-tirage", rows=(tuple(keys[:5]), tuple(keys[5:])), length=6)
    context = {"keypad": drawn, "field": Pin(data)[field], **more}
    return Outline(render_to_string("components/keypad.html", context))


def names(page: Outline) -> dict[str | None, str | None]:
    return {each.get("name"): each.get("value") for each in page.all("input")}


def test_without_script_there_is_a_plain_field_and_nothing_to_press() -> None:
    page = keypad()
    assert names(page) == {"draw": "un-tirage", "positions": "", "secret": None}
    [pad] = [each for each in page.all("div") if "data-keypad" in each]
    assert "hidden" in pad
    outside = [each for each in page.all("button") if each.get("data-keypad-use") == "keys"]
    assert ["hidden" in each for each in outside] == [True]


def test_the_keys_lie_in_the_order_drawn_and_none_sends_the_form() -> None:
    buttons = keypad().all("button")
    assert [each["data-position"] for each in buttons if "data-position" in each] == list("0123456789")
    assert {each["type"] for each in buttons} == {"button"}


def test_two_keypads_of_one_page_share_no_name_and_no_id() -> None:
    pages = [keypad(), keypad("again", prefix="again")]
    ids = [each["id"] for page in pages for _, each in page.tags if each.get("id")]
    assert len(ids) == len(set(ids))
    assert set(names(pages[1])) == {"again-draw", "again-positions", "again"}


def test_what_is_said_of_the_digits_comes_from_the_length_drawn() -> None:
    [pad] = [each for each in keypad().all("div") if "data-keypad" in each]
    assert pad["data-length"] == "6"
    assert pad["data-said-one"] == "{count} chiffre saisi sur {length}"
    assert pad["data-said-other"] == "{count} chiffres saisis sur {length}"


def test_an_error_is_said_beside_the_keys_too() -> None:
    page = keypad(data={"again": "1"})
    [pad] = [each for each in page.all("div") if "data-keypad" in each]
    told = (pad["aria-describedby"] or "").split()
    assert told == ["secret-keypad-error", "secret-keypad-said"]
    assert set(told) <= {each.get("id") for each in page.all("p")}

"""Colours and their contrast."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.brand.colour import BLACK, WHITE, Colour, InvalidColourError, contrast, readable_on

channels = st.integers(min_value=0, max_value=255)
colours = st.builds(Colour, channels, channels, channels)


@pytest.mark.parametrize(
    ("above", "below", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#777777", "#ffffff", 4.48),
        ("#B4430B", "#B4430B", 1),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_the_contrast_is_the_one_of_wcag(above: str, below: str, ratio: float) -> None:
    assert contrast(above, below) == pytest.approx(ratio, abs=0.01)
    assert contrast(below, above) == contrast(above, below)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "red",
        "#fff",
        "#12345",
        "#1234567",
        "#12345g",
        "123456",
        "#123456;}",
        " #123456",
        "#123456\n",
        "#１２３４５６",
    ],
)
def test_only_a_plain_colour_may_enter_a_stylesheet(text: str) -> None:
    with pytest.raises(InvalidColourError):
        Colour.parse(text)


@given(colours)
def test_a_colour_is_written_as_it_was_read(colour: Colour) -> None:
    assert Colour.parse(str(colour)) == colour
    assert Colour.parse(str(colour).upper()) == colour


@given(colours)
def test_a_colour_brought_to_its_own_lightness_stays_itself(colour: Colour) -> None:
    again = colour.at_lightness(colour.lightness)
    assert all(abs(one - other) <= 1 for one, other in zip(again, colour, strict=True))


@given(colours, st.sampled_from([WHITE, BLACK, Colour.parse("#FFFAF5"), Colour.parse("#10131C")]))
def test_any_colour_finds_a_shade_that_reads(colour: Colour, background: Colour) -> None:
    assert contrast(readable_on(colour, [background], 4.5), background) >= 4.5


def test_a_colour_that_reads_already_is_left_alone() -> None:
    orange = Colour.parse("#B4430B")
    assert readable_on(orange, [WHITE], 4.5) == orange

"""Where the bars of a chart stand, and what its scale says."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.web.charts import HIGHEST, Chart, Point, bar_chart

sums = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False)


def chart(*values: Decimal) -> Chart:
    points = [Point(name=str(at), full_name=str(at), value=value, text="") for at, value in enumerate(values)]
    return bar_chart(title="", of_names="", of_values="", points=points, language="fr")


@pytest.mark.parametrize(
    ("highest", "scale"),
    [
        ("4815.36", ["5\u202f000", "2\u202f500", "0"]),
        ("1015.36", ["1\u202f500", "750", "0"]),
        ("1000", ["1\u202f000", "500", "0"]),
        ("0.30", ["0,3", "0,15", "0"]),
        ("0", ["1", "0,5", "0"]),
    ],
)
def test_the_scale_ends_in_the_next_round_number(highest: str, scale: list[str]) -> None:
    assert chart(Decimal(highest)).scale == scale


def test_a_chart_of_nothing_has_no_bar() -> None:
    assert chart().bars == []
    assert chart().width == 0


@given(st.lists(sums, min_size=1, max_size=24))
def test_every_bar_stands_on_the_ground_beside_the_one_before_and_within_the_drawing(
    values: list[Decimal],
) -> None:
    drawn = chart(*values)
    assert all(bar.y + bar.height == HIGHEST and bar.y >= 0 for bar in drawn.bars)
    edges = [edge for bar in drawn.bars for edge in (bar.x, bar.x + bar.width)]
    assert edges == sorted(edges)
    assert edges[-1] <= drawn.width
    heights = [
        bar.height for _, bar in sorted(zip(values, drawn.bars, strict=True), key=lambda each: each[0])
    ]
    assert heights == sorted(heights)


@pytest.mark.parametrize(
    ("names", "crowded"), [(["30/11/26"] * 4, True), (["30/11"] * 5, False), (["1"] * 7, True)]
)
def test_names_that_do_not_fit_side_by_side_on_a_phone_are_not_all_shown(
    names: list[str], crowded: bool
) -> None:
    points = [Point(name=each, full_name=each, value=Decimal(1), text="") for each in names]
    drawn = bar_chart(title="", of_names="", of_values="", points=points, language="fr")
    assert drawn.crowded is crowded

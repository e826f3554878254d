"""Themes, a caisse's colours over them, and the stylesheet that comes out."""

import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tenants.brand import (
    InvalidColourError,
    InvalidThemeError,
    UnknownOverrideError,
    UnknownThemeError,
    contrast,
    digest,
    load_theme,
    pairs,
    palettes,
    picture,
    stylesheet,
    theme,
    theme_names,
    weak_pairs,
)

SAMPLE = ["#B4430B", "#0B5A7A", "#1C2B50", "#1E6B3A", "#4338CA", "#7A1F5C", "#2E2E2E", "#8A5300", "#000000"]
channels = st.integers(min_value=0, max_value=255)
accents = st.builds("#{:02x}{:02x}{:02x}".format, channels, channels, channels)


@pytest.mark.parametrize("name", theme_names())
def test_every_theme_reads_in_both_schemes(name: str) -> None:
    assert weak_pairs(load_theme(name), {}) == []


@pytest.mark.parametrize("name", theme_names())
@pytest.mark.parametrize("accent", SAMPLE)
def test_a_dark_enough_accent_of_ones_own_reads_everywhere(name: str, accent: str) -> None:
    assert weak_pairs(load_theme(name), {"accent": accent}) == []


@given(accents, st.sampled_from(theme_names()))
def test_an_accent_that_reads_is_never_refused_for_what_was_made_of_it(accent: str, name: str) -> None:
    chosen = load_theme(name)
    itself = {str(chosen.light["page"]), str(chosen.light["surface"])}
    assume(all(contrast(accent, ground) >= 4.5 for ground in itself))
    assert weak_pairs(chosen, {"accent": accent}) == []


def test_a_pale_accent_is_weak_and_the_pair_says_why() -> None:
    weak = weak_pairs(load_theme("warm"), {"accent": "#FFD400"})
    first = next(pair for pair in weak if (pair.foreground, pair.background) == ("accent", "page"))
    assert (first.foreground_colour, first.background_colour) == ("#ffd400", "#fffaf5")
    assert first.ratio < first.required == 4.5


def test_a_pale_ink_and_a_dark_page_are_weak() -> None:
    assert weak_pairs(load_theme("warm"), {"ink": "#BBBBBB"})
    assert weak_pairs(load_theme("warm"), {"page": "#333333"})


def test_page_and_ink_of_ones_own_bring_their_own_greys() -> None:
    warm = load_theme("warm")
    tokens = palettes(warm, {"page": "#EEF2FF", "ink": "#101040"}).light
    assert tokens["muted"] != warm.light["muted"]
    assert weak_pairs(warm, {"page": "#EEF2FF", "ink": "#101040"}) == []


def test_every_colour_of_a_pair_is_one_of_the_palette() -> None:
    palette = palettes(load_theme("heritage"), {})
    names = {
        name for pair in pairs(load_theme("heritage"), {}) for name in (pair.foreground, pair.background)
    }
    assert names <= set(palette.light) == set(palette.dark)


@pytest.mark.parametrize("override", [{"radius": "#123456"}, {"Accent": "#123456"}, {"good": "#123456"}])
def test_a_caisse_sets_three_colours_and_no_more(override: dict[str, str]) -> None:
    with pytest.raises(UnknownOverrideError):
        stylesheet(load_theme("warm"), override)


def test_nothing_but_a_colour_gets_into_the_stylesheet() -> None:
    with pytest.raises(InvalidColourError):
        stylesheet(load_theme("warm"), {"accent": "red;}body{display:none"})


def test_the_stylesheet_is_custom_properties_only() -> None:
    css = stylesheet(load_theme("heritage"), {"accent": "#1E6B3A"})
    assert "--accent:#1e6b3a;" in css
    bare = re.sub(r"--[a-z-]+:[^;{}]+;", "", css)
    assert "".join(bare.split()) == (
        ":root{color-scheme:lightdark;}@mediascreenand(prefers-color-scheme:dark){:root{}}"
    )


def test_the_digest_tells_one_look_from_another() -> None:
    warm, mine = stylesheet(load_theme("warm"), {}), stylesheet(load_theme("warm"), {"accent": "#1E6B3A"})
    assert digest(warm) == digest(stylesheet(load_theme("warm"), {}))
    assert digest(warm) != digest(mine)
    assert re.fullmatch(r"[0-9a-f]{16}", digest(warm))


@pytest.mark.parametrize("name", ["", "none", "../warm", "Warm", "warm/templates"])
def test_an_unknown_theme_is_refused(name: str) -> None:
    with pytest.raises(UnknownThemeError):
        load_theme(name)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('accent = "#B4430B"', ""),
        ('accent = "#B4430B"', 'accent = "orange"'),
        ('accent = "#B4430B"', 'accent = "#B4430B"\ncolour = "#000000"'),
        ('panel = "soft"', 'panel = "round"'),
        ('panel = "soft"', 'panel = "soft"\nsize = 3'),
        ('menu = "top"', 'menu = "bottom"'),
        ('menu = "top"', ""),
        ('radius = "16px"', 'radius = "16px}body{display:none"'),
        ('radius = "16px"', ""),
        ("[dark]", "[night]"),
    ],
)
def test_a_theme_that_lacks_or_adds_a_token_is_refused(
    old: str, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (theme.THEMES / "warm" / "theme.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "theme.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(theme, "THEMES", tmp_path)
    load_theme.cache_clear()
    with pytest.raises(InvalidThemeError):
        load_theme("broken")


@pytest.mark.parametrize("name", theme_names())
def test_every_theme_draws_its_mark_and_its_picture(name: str) -> None:
    drawn = {file.name for file in (load_theme(name).templates / "theme").iterdir()}
    assert "logo.svg" in drawn
    assert load_theme(name).drawing.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox=')


def test_no_two_themes_have_the_same_picture() -> None:
    assert len({load_theme(name).drawing for name in theme_names()}) == len(theme_names())


def test_a_theme_without_a_picture_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = load_theme("warm")
    monkeypatch.setattr(theme, "THEMES", tmp_path)
    with pytest.raises(InvalidThemeError, match="picture"):
        picture(bare, {})


def test_a_picture_brings_the_colours_it_names_of_the_caisse_in_both_schemes() -> None:
    own = {"accent": "#1E6B3A"}
    text, palette = picture(load_theme("clear"), own), palettes(load_theme("clear"), own)
    light, dark = text.split("@media")[:2]
    for colours, part in ((palette.light, light), (palette.dark, dark)):
        assert f"--panel-accent:{colours['panel-accent']};" in part
    assert "--ink:" not in text


def test_the_edge_of_a_card_follows_a_colour_of_ones_own() -> None:
    house = load_theme("heritage")
    assert palettes(house, {}).light["edge-colour"] == house.light["edge-colour"]
    own = palettes(house, {"accent": "#1E6B3A"}).light
    assert own["edge-colour"] == own["line"]

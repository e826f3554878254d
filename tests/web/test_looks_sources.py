"""Stylesheets, themes and templates agree with one another."""

import gzip
import re
from pathlib import Path

import pytest

from tenants.brand import load_theme, palettes, theme_names
from tenants.brand.theme import SHAPE

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "platform" / "guichet" / "web" / "static" / "guichet"
SHEETS = sorted((STATIC / "css").glob("*.css"))
TEMPLATES = [
    file
    for top in ("platform", "tenant_apps", "shared_apps", "themes")
    for file in (ROOT / top).rglob("templates/**/*")
    if file.suffix in {".html", ".svg"}
    and "/mail/" not in file.as_posix()
    and "/messages/" not in file.as_posix()
]
PICTURES = sorted((ROOT / "themes").glob("*/picture.svg"))
NOT_FIRST = {
    "appointments.css",
    "desk.css",
    "fold.css",
    "fold.js",
    "menu.css",
    "recovery.css",
    "security.css",
    "stay.css",
    "stay.js",
    "work.js",
}
# Set by a component on itself, for what it contains.
LOCAL = {"brand-small", "mark", "on-mark", "focus"}
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def css() -> str:
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS)


def tokens() -> set[str]:
    return set(palettes(load_theme("warm"), {}).light) | SHAPE


def used() -> set[str]:
    sources = [css(), *(file.read_text(encoding="utf-8") for file in [*TEMPLATES, *PICTURES])]
    return set(re.findall(r"var\(--([a-z-]+)", "\n".join(sources)))


def test_every_token_that_is_read_is_one_that_a_brand_sets() -> None:
    assert used() - tokens() - LOCAL == set()


def test_every_token_that_a_brand_sets_is_read() -> None:
    assert tokens() - used() == set()


def test_every_token_has_a_default_for_pages_without_a_brand() -> None:
    root = (STATIC / "css" / "base.css").read_text(encoding="utf-8").partition("}")[0]
    assert tokens() - set(re.findall(r"--([a-z-]+):", root)) == set()


def test_every_class_of_a_template_has_its_rule() -> None:
    ruled = set(re.findall(r"\.([a-z][a-z-]*)", css()))
    worn = {
        name
        for file in TEMPLATES
        for attribute in re.findall(r'\bclass="([^"{]*)"', TAG.sub("", file.read_text(encoding="utf-8")))
        for name in attribute.split()
    }
    # What a tag completes with a tone, such as `badge-{{ tone }}`, ends in a dash here.
    assert {name for name in worn if not name.endswith("-")} - ruled == set()


def test_every_class_that_has_a_rule_is_worn() -> None:
    sources = "\n".join(
        file.read_text(encoding="utf-8")
        for file in [
            *TEMPLATES,
            *STATIC.glob("*.js"),
            *(ROOT / "platform/guichet/web/templatetags").glob("*.py"),
        ]
    )
    tones = {f"{base}-{tone}" for base in ("badge", "notice") for tone in ("good", "warn", "bad")}
    kinds = {"field-code", "amount-medium", "menu-side"}
    rules = set(
        re.findall(r"\.([a-z][a-z-]*)(?=[\s,:.>{])", re.sub(r"/\*.*?\*/", "", css(), flags=re.DOTALL))
    )
    assert {
        name for name in rules - tones - kinds if not re.search(rf"(?<![\w-]){name}(?![\w-])", sources)
    } == set()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_stylesheet_asks_nothing_of_another_site_and_stays_short(sheet: Path) -> None:
    text = sheet.read_text(encoding="utf-8")
    assert "url(" not in text
    assert "@import" not in text
    assert text.count("\n") <= 300


def test_all_stylesheets_and_scripts_fit_in_a_third_of_the_first_load() -> None:
    """But for those of pages that nobody sees first: of who is in, and of who is suspected."""
    files = [file for file in [*SHEETS, *STATIC.glob("*.js")] if file.name not in NOT_FIRST]
    whole = sum(len(gzip.compress(file.read_bytes())) for file in files)
    assert whole < 20_000


@pytest.mark.parametrize("name", theme_names())
def test_a_theme_fits_in_a_fifth_of_the_first_load(name: str) -> None:
    drawings = [*load_theme(name).templates.rglob("*.svg"), ROOT / "themes" / name / "picture.svg"]
    assert sum(len(gzip.compress(file.read_bytes())) for file in drawings) < 12_000


def test_a_picture_is_drawn_for_each_kind_of_object() -> None:
    drawn = {file.stem for file in (STATIC / "pawn").glob("*.svg")}
    assert drawn >= {"ring", "chain", "bracelet", "watch", "coin", "violin", "painting", "camera", "other"}


@pytest.mark.parametrize(
    "file", [*STATIC.rglob("*.svg"), *PICTURES], ids=lambda file: f"{file.parent.name}-{file.stem}"
)
def test_a_drawing_carries_neither_style_nor_script(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"<style|style=|<script|\son\w+=|href=", text)
    assert 'xmlns="http://www.w3.org/2000/svg"' in text

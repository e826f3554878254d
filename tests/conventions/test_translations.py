"""Every French text has its English, the catalogues agree, and French is set as printers set it."""

import re
from collections.abc import Iterator

import pytest
from _translations import (
    LANGUAGES,
    as_mo,
    as_po,
    entries,
    extracted,
    faults,
    merged,
    messages_of,
    mo_file,
    new_catalogue,
    po_file,
    written,
)
from babel.messages.catalog import Catalog

from tests.conventions.rule import refuse

NARROW = "\u202f"
MISSET = {
    "an apostrophe is ’": re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])"),
    "a narrow no-break space goes before ; ! ? »": re.compile(
        rf"(?<![{NARROW}!?])(?<!&\w\w\w\w)(?<!&\w\w\w)[;!?»]"
    ),
    "a narrow no-break space goes before :": re.compile(rf"(?<!{NARROW}):(?=\s|$)"),
    "a narrow no-break space goes after «": re.compile(rf"«(?!{NARROW})"),
}


def catalogue(*texts: str | tuple[str, str]) -> Catalog:
    made = new_catalogue("fr")
    for text in texts:
        made.add(text, locations=[("tenants/example.html", 0)])
    return made


def english(**translations: str) -> Catalog:
    made = new_catalogue("en")
    for text, translation in translations.items():
        made.add(text, translation)
    return made


def misset(text: str) -> Iterator[str]:
    """What of French typography this text does not respect."""
    return (law for law, pattern in MISSET.items() if pattern.search(text))


def test_texts_are_found_in_code_and_in_templates() -> None:
    code = "a = _('Oui')\nb = ngettext_lazy('un', 'deux')\nc = pgettext('mois', 'mai')\nd = gettext(name)\n"
    page = "<p>\n  {% translate 'Non' %}\n </p>{% blocktrans trimmed %}\n  Le\n  {{ day }}{% endblocktrans %}"
    assert list(messages_of(code, template=False)) == [("Oui", None), (("un", "deux"), None), ("mai", "mois")]
    assert list(messages_of(page, template=True)) == [("Non", None), ("Le %(day)s", None)]


@pytest.mark.parametrize(
    ("known", "fault"),
    [
        (english(), "bin/fix has not been run"),
        (english(Oui=""), "not translated"),
        (english(Oui="Yes", Non="No"), "no source has this text"),
        (english(Oui="Yes %(name)s"), "stands on one side only"),
    ],
)
def test_a_catalogue_that_is_not_complete_is_found(known: Catalog, fault: str) -> None:
    assert any(fault in sentence for sentence in faults("en", catalogue("Oui"), known))


def test_a_complete_catalogue_has_no_fault() -> None:
    assert list(faults("en", catalogue("Oui"), english(Oui="Yes"))) == []


def test_extracting_keeps_what_was_translated_and_adds_what_is_new() -> None:
    kept = entries(merged("en", catalogue("Oui", "Non"), english(Oui="Yes", Peut="May")))
    assert {text: message.string or "" for (text, _context), message in kept.items()} == {
        "Oui": "Yes",
        "Non": "",
    }


def test_french_has_a_catalogue_for_its_plurals_alone() -> None:
    kept = entries(merged("fr", catalogue("Oui", ("un essai", "deux essais")), new_catalogue("fr")))
    assert [message.string for message in kept.values()] == [("un essai", "deux essais")]


def test_extracting_twice_writes_the_same_file() -> None:
    first = merged("en", catalogue("Oui"), english(Oui="Yes"))
    assert as_po(merged("en", catalogue("Oui"), first)) == as_po(first)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_screens_is_translated(language: str) -> None:
    found = list(faults(language, extracted(), written(language)))
    refuse(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_agrees_with_the_written_one(language: str) -> None:
    assert po_file(language).exists()
    assert mo_file(language).read_bytes() == as_mo(written(language)), "run bin/fix"


@pytest.mark.parametrize(
    "text",
    ["C'est fait", "Prêt ?", "Prêt?", "Prêt\u00a0?", "Total : 3", "Total:", "« Oui »", "Fini!", "un; deux"],
)
def test_french_that_is_badly_set_is_found(text: str) -> None:
    assert list(misset(text))


@pytest.mark.parametrize(
    "text",
    [
        "C’est fait",
        f"Prêt{NARROW}?",
        f"Total{NARROW}: 3",
        f"«{NARROW}Oui{NARROW}»",
        f"Quoi{NARROW}?!",
        "à 18:30",
        "un&nbsp;an",
    ],
)
def test_french_that_is_well_set_passes(text: str) -> None:
    assert list(misset(text)) == []


def test_the_french_of_the_screens_is_well_set() -> None:
    texts = {text for message in entries(extracted()).values() for text in _all(message.id)}
    found = [f"{law}: {text!r}" for text in sorted(texts) for law in misset(text)]
    refuse(found)


def _all(text: object) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text) if isinstance(text, list | tuple) else ()

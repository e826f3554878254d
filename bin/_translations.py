"""The texts of the screens: French in the sources, English in locale/en. No binary of gettext is needed.

French has a catalogue for its plurals alone: without one, Django would take zero for a plural.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("platform/guichet", "tenants", "shared_apps", "tenant_apps", "themes")
TEMPLATE_SUFFIXES = (".html", ".svg", ".txt", ".xml")
LANGUAGES = ("en", "fr")
WIDTH = 110
# The same in every catalogue, so that extracting twice changes nothing: the history has the dates.
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)

_CONTEXT, _CONTEXT_PLURAL = ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    "_": None,
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), _CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), _CONTEXT_PLURAL),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd](?!\w)|\{\w*\}")

Msgid = str | tuple[str, ...]
Key = tuple[str, str | None]


def messages_of(text: str, *, template: bool) -> Iterator[tuple[Msgid, str | None]]:
    """Each translatable text of a source, with its context; singular and plural come as a pair."""
    if template:
        # What Django leaves of a template is read as Python, where an indentation would have a meaning.
        text = "\n".join(line.strip() for line in templatize(text).splitlines())
    # Without the first line, Babel would parse that of a drawing as Python, to guess its encoding.
    source = BytesIO(f"# coding: utf-8\n{text}".encode())
    for _line, message, _comments, context in extract("python", source, KEYWORDS):
        yield (message if isinstance(message, str) else tuple(message)), context


def sources() -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix == ".py" or (path.suffix in TEMPLATE_SUFFIXES and "templates" in path.parts):
                yield path


def new_catalogue(language: str) -> Catalog:
    header = f"# Guichet: {language}. The French text in the source is the key; bin/fix adds what is new."
    return Catalog(
        language,
        domain="django",
        header_comment=header,
        project="Guichet",
        version="0.1",
        msgid_bugs_address="see CONTRIBUTING.md",
        last_translator="Guichet",
        language_team="Guichet",
        creation_date=NO_DATE,
        revision_date=NO_DATE,
        charset="utf-8",
        fuzzy=False,
    )


def extracted() -> Catalog:
    found = new_catalogue("fr")
    for path in sources():
        place = path.relative_to(ROOT).as_posix()
        for message, context in messages_of(path.read_text(encoding="utf-8"), template=path.suffix != ".py"):
            found.add(message, locations=[(place, 0)], context=context)
    return found


def po_file(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def mo_file(language: str) -> Path:
    return po_file(language).with_suffix(".mo")


def written(language: str) -> Catalog:
    path = po_file(language)
    if not path.exists():
        return new_catalogue(language)
    return read_po(BytesIO(path.read_bytes()), locale=language, domain="django")


def key(message: Message) -> Key:
    return (message.id if isinstance(message.id, str) else message.id[0], message.context)


def entries(catalogue: Iterable[Message]) -> dict[Key, Message]:
    return {key(message): message for message in catalogue if message.id}


def merged(language: str, found: Catalog, known: Catalog) -> Catalog:
    """What was found, with what was translated. In French: the plurals alone, each its own translation."""
    translations, catalogue = entries(known), new_catalogue(language)
    for identity, message in entries(found).items():
        if language == "fr" and not message.pluralizable:
            continue
        before = translations.get(identity)
        keep = before is not None and before.pluralizable == message.pluralizable
        string = before.string if before and keep else None
        catalogue.add(
            message.id,
            message.id if language == "fr" else string,
            locations=message.locations,
            user_comments=before.user_comments if before else (),
            context=message.context,
        )
    return catalogue


def as_po(catalogue: Catalog) -> bytes:
    stream = BytesIO()
    write_po(stream, catalogue, width=WIDTH, sort_by_file=True, include_lineno=False)
    return stream.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    stream = BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


def _forms(text: object) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, list | tuple) else (str(text or ""),)


def faults_of(message: Message) -> Iterator[str]:
    """What is wrong with one translation."""
    texts, forms = _forms(message.id), _forms(message.string)
    allowed = set(PLACEHOLDER.findall(" ".join(texts)))
    if message.fuzzy:
        yield f"marked fuzzy: {texts[0]!r}"
    if not all(forms) or len(forms) != len(texts):
        yield f"not translated: {texts[0]!r}"
    elif unknown := set(PLACEHOLDER.findall(" ".join(forms))) ^ allowed:
        yield f"{', '.join(sorted(unknown))} stands on one side only: {texts[0]!r}"


def faults(language: str, found: Catalog, known: Catalog) -> Iterator[str]:
    """What is wrong with a catalogue, one sentence each."""
    expected, present = entries(merged(language, found, known)), entries(known)
    for text, _context in sorted(expected.keys() - present.keys(), key=str):
        yield f"{language}: bin/fix has not been run since this text was added: {text!r}"
    for text, _context in sorted(present.keys() - expected.keys(), key=str):
        yield f"{language}: no source has this text any more, run bin/fix: {text!r}"
    for identity in present.keys() & expected.keys():
        yield from (f"{language}: {fault}" for fault in faults_of(present[identity]))


def update() -> None:
    """Extract, merge and compile, in place."""
    found = extracted()
    for language in LANGUAGES:
        catalogue = merged(language, found, written(language))
        po_file(language).parent.mkdir(parents=True, exist_ok=True)
        po_file(language).write_bytes(as_po(catalogue))
        mo_file(language).write_bytes(as_mo(written(language)))
        waiting = sum(not all(_forms(message.string)) for message in entries(catalogue).values())
        print(f"locale/{language}: {len(entries(catalogue))} texts, {waiting} to translate")


if __name__ == "__main__":
    update()

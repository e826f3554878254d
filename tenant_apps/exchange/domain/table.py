"""A CSV file as other systems write them: its bytes read as text, its columns known by their names.

What is said of a refusal never repeats what the file holds: it may be a person's.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from guichet.kernel.names import folded

COLUMNS = (
    "numero_client",
    "civilite",
    "nom",
    "prenom",
    "date_naissance",
    "email",
    "mobile",
    "adresse_1",
    "adresse_2",
    "adresse_3",
    "adresse_4",
    "code_postal",
    "ville",
    "pays",
    "langue",
    "identifiant",
)
NEEDED = ("numero_client", "nom", "prenom")
MOST_BYTES = 64 * 1024 * 1024
_BY_NAME = {name.replace("_", ""): name for name in COLUMNS}
_SEPARATORS = ";,\t"
# A byte order mark of UTF-16: what spreadsheets call « Unicode ».
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_MARK = "\ufeff"


class TableRefusedError(ValueError):
    """Nothing of the file can be read; the words are for the person who gave it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line cannot be taken. `column`: as the file calls it; empty for the line as a whole."""

    line: int
    why: str
    column: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line with its number in the file: of the first of its lines, where a field has several."""

    line: int
    fields: Mapping[str, str]


@dataclass(slots=True)
class Table:
    columns: frozenset[str]
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_table(data: bytes) -> Table:
    """Every line, good or bad. Raises TableRefusedError."""
    text = _decoded(data)
    separator, header = _header(text)
    table = Table(columns=frozenset(header))
    for line, cells in _lines(text, separator, table):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            table.problems.append(Problem(line, f"{len(cells)} colonnes, {len(header)} attendues"))
            continue
        table.rows.append(Row(line, dict(zip(header, map(str.strip, cells), strict=True))))
    if not (table.rows or table.problems):
        raise TableRefusedError("le fichier n’a aucune ligne sous ses titres")
    return table


def _decoded(data: bytes) -> str:
    """UTF-8, with its mark or without; else what Windows writes in France, which takes nearly any byte."""
    if len(data) > MOST_BYTES:
        raise TableRefusedError(f"le fichier dépasse {MOST_BYTES // 1024 // 1024} Mo : coupez-le")
    if data.startswith(_WIDE):
        raise TableRefusedError("le fichier est en UTF-16 : enregistrez-le en « CSV UTF-8 »")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableRefusedError(
        "le fichier n’est ni en UTF-8 ni en Windows-1252 : enregistrez-le en « CSV UTF-8 »"
    )


def _header(text: str) -> tuple[str, list[str]]:
    first = text.lstrip(_MARK).partition("\n")[0].rstrip("\r")
    if not first.strip():
        raise TableRefusedError("la première ligne doit porter les titres des colonnes")
    readings = {mark: [_name(each) for each in first.split(mark)] for mark in _SEPARATORS}
    separator = max(readings, key=lambda mark: sum(name in COLUMNS for name in readings[mark]))
    header = readings[separator]
    for position, name in enumerate(header, start=1):
        # A first line that is a person's must not be repeated.
        if name not in COLUMNS:
            raise TableRefusedError(
                f"ligne 1, colonne {position} : ce titre n’est pas connu. Ceux qui le sont : {', '.join(COLUMNS)}"
            )
        if header.count(name) > 1:
            raise TableRefusedError(f"ligne 1 : la colonne {name} y est deux fois")
    for name in NEEDED:
        if name not in header:
            raise TableRefusedError(f"ligne 1 : la colonne {name} manque")
    return separator, header


def _name(title: str) -> str:
    """« Numéro client », « NUMERO-CLIENT » and « numero_client » are one; what is no column stays as it is."""
    bare = folded(title).replace(" ", "")
    return _BY_NAME.get(bare, bare)


def _lines(text: str, separator: str, table: Table) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if line > 1:
                yield line, cells
    except csv.Error:
        # What follows a quote that nobody closes belongs to no line.
        table.problems.append(
            Problem(
                before + 1, "guillemets qui ne se ferment pas, ou champ sans fin : la suite n’est pas lue"
            )
        )


def has_control(text: str) -> bool:
    """A NUL, a line break or another sign that no field of a person has."""
    return any(unicodedata.category(mark) in {"Cc", "Cs", "Co", "Zl", "Zp"} for mark in text)


def is_formula(text: str) -> bool:
    """What a spreadsheet would work out; of phones, a plus sign before digits alone is none."""
    return text[:1] in {"=", "@", "+", "-"} and not (text[:1] == "+" and text[1:2].isdigit())

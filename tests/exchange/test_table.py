"""A CSV file as spreadsheets and other systems write it, and as nobody should."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tenant_apps.exchange.domain.table import (
    MOST_BYTES,
    TableRefusedError,
    has_control,
    is_formula,
    read_table,
)

TITLES = "numero_client;nom;prenom;ville\n"


def cells(data: bytes) -> list[list[str]]:
    return [list(row.fields.values()) for row in read_table(data).rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_it_is_read_however_a_spreadsheet_has_saved_it(encoding: str, separator: str, end: str) -> None:
    text = f"{TITLES}9001;Œillé;Zoë;Nîmes\n".replace(";", separator).replace("\n", end)
    assert cells(text.encode(encoding)) == [["9001", "Œillé", "Zoë", "Nîmes"]]


def test_titles_are_known_with_accents_capitals_quotes_and_spaces_and_in_any_order() -> None:
    found = read_table('"Prénom"; "NUMÉRO CLIENT";Nom;E-mail\nZoé;9001;Sept;\n'.encode())
    assert dict(found.rows[0].fields) == {
        "prenom": "Zoé",
        "numero_client": "9001",
        "nom": "Sept",
        "email": "",
    }


def test_lines_bear_the_number_that_an_editor_shows() -> None:
    table = read_table((TITLES + '9001;"Sept\nHuit";Zoé;\n\n;;;\n9002;Un;Léa\n9003;Deux;Max;\n').encode())
    assert [row.line for row in table.rows] == [2, 7]
    assert [(each.line, each.why) for each in table.problems] == [(6, "3 colonnes, 4 attendues")]


def test_a_quote_that_nobody_closes_is_told_with_its_line() -> None:
    table = read_table((TITLES + '9001;Sept;Zoé;\n9002;"Un;Léa;\n').encode())
    assert [(each.line, "guillemets" in each.why) for each in table.problems] == [(3, True)]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "la première ligne"),
        (b"\n\n", "la première ligne"),
        (TITLES.encode(), "aucune ligne"),
        (TITLES.encode("utf-16"), "UTF-16"),
        (b"numero_client;nom;prenom\n9001;\x81;X\n", "ni en UTF-8"),
        (b"9001;Sept;Zoe\n9002;Un;Lea\n", "colonne 1"),
        (b"numero_client;nom;prenom;solde\n", "colonne 4"),
        (b"numero_client;nom;prenom;nom\n", "deux fois"),
        (b"numero_client;nom\n", "la colonne prenom manque"),
    ],
)
def test_what_cannot_be_read_is_refused_and_never_repeated(data: bytes, why: str) -> None:
    with pytest.raises(TableRefusedError) as refused:
        read_table(data)
    assert why in str(refused.value)
    assert not {"9001", "Sept", "solde"} & set(str(refused.value).split())


def test_a_file_beyond_measure_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(TableRefusedError, match="64 Mo"):
        read_table(b"x" * (MOST_BYTES + 1))


@given(some.binary(max_size=400))
def test_no_bytes_break_it(data: bytes) -> None:
    with contextlib.suppress(TableRefusedError):
        read_table(TITLES.encode() + data)


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "-2", "+cmd", "+"])
def test_what_a_spreadsheet_would_work_out_is_a_formula(text: str) -> None:
    assert is_formula(text)
    assert not is_formula(f"x{text}")


def test_a_phone_is_no_formula_and_a_nul_no_letter() -> None:
    assert not is_formula("+33639980001")
    assert [has_control(text) for text in ("a\x00b", "a\nb", "a\u2028b", "Élodie", "")] == [True] * 3 + [
        False
    ] * 2

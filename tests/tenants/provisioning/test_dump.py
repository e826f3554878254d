from collections.abc import Iterator

import pytest
from psycopg import sql

from tenants.provisioning.blueprint import dump, replayable
from tenants.provisioning.connections import as_migrator, become_owner

# Each line is one that the filter drops or changes where it is a statement.
HARD_TEXT = """first line
-- looks like a comment

SET search_path = beta;
SET transaction_timeout = 0;
\\restrict abc
\\unrestrict abc
CREATE SCHEMA nothing;
SELECT pg_catalog.set_config('search_path', '', false);
it''s "quoted" and $$dollared$$ and $1 /* not a comment
-- last line"""
SOURCE = """
BEGIN
    -- a comment with an apostrophe: it's kept

SET search_path = beta;
    RETURN 'a';
END
"""


@pytest.mark.parametrize(
    "statement",
    [
        f"INSERT INTO x.t VALUES\n\t(1, '{HARD_TEXT}'),\n\t(2, '\n\n--\n');\n",
        "INSERT INTO x.t VALUES (1, E'it\\'s\n-- kept\n\n');\n",
        'CREATE TABLE x."a\n-- b\n\n" (id integer);\n',
        f"CREATE FUNCTION x.f() RETURNS text\n    LANGUAGE plpgsql\n    AS $${SOURCE}$$;\n",
        f"CREATE FUNCTION x.f() RETURNS text\n    LANGUAGE plpgsql\n    AS $_${SOURCE}$$ --\n\n$_$;\n",
        f"COMMENT ON TABLE x.t IS '{HARD_TEXT}';\n",
        "ALTER TABLE x.t SET (fillfactor = 70);\n",
        "INSERT INTO x.t VALUES (1, '', '''', '\\');\n",
    ],
)
def test_what_stands_between_quotes_is_left_as_it_is(statement: str) -> None:
    assert replayable(statement) == statement


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("\\restrict Ab1\n", ""),
        ("\\unrestrict Ab1\n", ""),
        ("--\n-- PostgreSQL database dump: it's one\n--\n\n", ""),
        ("SET transaction_timeout = 0;\n", ""),
        ("CREATE SCHEMA zz_blueprint_1;\n", ""),
        ("SET statement_timeout = 0;\n", "SET LOCAL statement_timeout = 0;\n"),
        ("SET default_tablespace = '';\n", "SET LOCAL default_tablespace = '';\n"),
        ("SELECT pg_catalog.set_config('search_path', '', false);\n", "SET LOCAL search_path = '';\n"),
        (
            "SELECT pg_catalog.setval('x.t_id_seq', 1, false);\n",
            "SELECT pg_catalog.setval('x.t_id_seq', 1, false);\n",
        ),
        (
            "INSERT INTO x.t VALUES (1, 'a\n--\n');\n\n\n--\n-- Name: it's\n--\n\nSET row_security = off;\n",
            "INSERT INTO x.t VALUES (1, 'a\n--\n');\nSET LOCAL row_security = off;\n",
        ),
    ],
)
def test_what_belongs_to_psql_goes_and_settings_stay_in_the_transaction(written: str, kept: str) -> None:
    assert replayable(written) == kept


@pytest.fixture
def hard_schema(committed: None) -> Iterator[str]:
    """A schema with everything that a filter by lines would damage."""
    name = "zz_hard_to_dump"
    with as_migrator() as owner:
        become_owner(owner)
        owner.execute(f"CREATE SCHEMA {name}")
        owner.execute(f"CREATE TABLE {name}.words (id int, body text DEFAULT '\n--\n')")
        owner.execute(
            sql.SQL("INSERT INTO {} VALUES (1, %s), (2, %s)").format(sql.Identifier(name, "words")),
            [HARD_TEXT, "\n\n--\n"],
        )
        owner.execute(f"CREATE FUNCTION {name}.f() RETURNS text LANGUAGE plpgsql AS $f${SOURCE}$f$")
    yield name
    with as_migrator() as owner:
        become_owner(owner)
        owner.execute(f"DROP SCHEMA {name} CASCADE")


def test_hard_texts_come_through_a_dump_and_its_replay_unharmed(hard_schema: str) -> None:
    script = dump(hard_schema)
    with as_migrator() as owner:
        become_owner(owner)
        owner.execute("CREATE SCHEMA zz_replayed")
        owner.execute(script.replace(hard_schema, "zz_replayed").encode())
        rows = owner.execute("SELECT id, body FROM zz_replayed.words ORDER BY id").fetchall()
        default = owner.execute("INSERT INTO zz_replayed.words (id) VALUES (3) RETURNING body").fetchone()
        sources = owner.execute(
            "SELECT prosrc FROM pg_proc WHERE proname = 'f' AND pronamespace::regnamespace::text LIKE 'zz%'"
        ).fetchall()
        owner.rollback()
    assert rows == [(1, HARD_TEXT), (2, "\n\n--\n")]
    assert default == ("\n--\n",)
    assert sources == [(SOURCE,), (SOURCE,)]


def test_a_replay_leaves_no_setting_behind(hard_schema: str) -> None:
    script = dump(hard_schema)
    with as_migrator() as owner:
        # Names with a dot belong to modules, which load when they are first used.
        asked = "SELECT name, setting FROM pg_settings WHERE name NOT LIKE '%.%' ORDER BY name"
        before = owner.execute(asked).fetchall()
        owner.commit()
        become_owner(owner)
        owner.execute("CREATE SCHEMA zz_replayed")
        owner.execute(script.replace(hard_schema, "zz_replayed").encode())
        owner.execute("DROP SCHEMA zz_replayed CASCADE")
        owner.commit()
        assert owner.execute(asked).fetchall() == before

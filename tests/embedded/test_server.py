"""The embedded PostgreSQL, real, in the ways in which a start can go well."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import environ
import psycopg
import pytest

from guichet.embedded import EmbeddedServer, EmbeddedServerError
from tests.embedded.conftest import MakeServer


def setting(server: EmbeddedServer, name: str) -> str:
    with psycopg.connect(server.url("postgres")) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])


def test_it_starts_answers_stops_and_keeps_its_data(server: EmbeddedServer) -> None:
    assert not server.is_answering()
    server.start()
    server.start()
    assert server.is_answering()
    with psycopg.connect(server.url("postgres")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    assert server.stop()
    assert not server.stop()
    assert not server.is_answering()
    server.start()
    with psycopg.connect(server.url("postgres")) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_it_serves_hundreds_of_schemas_and_no_network(running: EmbeddedServer) -> None:
    assert setting(running, "max_locks_per_transaction") == "1024"
    assert setting(running, "max_connections") == "100"
    assert setting(running, "listen_addresses") == ""
    assert setting(running, "server_encoding") == "UTF8"
    assert setting(running, "fsync") == "off"


def test_a_durable_one_survives_a_power_cut(make_server: MakeServer) -> None:
    server = make_server(durable=True)
    server.start()
    assert (setting(server, "fsync"), setting(server, "full_page_writes")) == ("on", "on")


def test_version_16_is_there_too_and_the_data_of_one_are_refused_by_the_other(
    make_server: MakeServer,
) -> None:
    older = make_server(version=16)
    older.start()
    assert setting(older, "server_version").startswith("16.")
    older.stop()
    with pytest.raises(EmbeddedServerError, match=r"PostgreSQL 16 made .*, not 18\.$"):
        make_server(version=18).start()


def test_its_address_is_understood_by_psycopg_and_by_the_settings(running: EmbeddedServer) -> None:
    running.ensure_database("guichet_caisses")
    address = running.url("guichet_caisses")
    with psycopg.connect(address) as connection:
        row = connection.execute("SELECT current_database(), current_user").fetchone()
    assert row == ("guichet_caisses", "postgres")
    read = environ.Env.db_url_config(address)
    with psycopg.connect(dbname=read["NAME"], user=read["USER"], **read["OPTIONS"]) as connection:
        assert connection.info.dbname == "guichet_caisses"


def test_a_database_is_made_once_and_its_name_is_checked(running: EmbeddedServer) -> None:
    running.ensure_database("twice")
    with psycopg.connect(running.url("twice")) as connection:
        connection.execute("CREATE TABLE kept ()")
    running.ensure_database("twice")
    with psycopg.connect(running.url("twice")) as connection:
        assert connection.execute("SELECT to_regclass('kept') IS NOT NULL").fetchone() == (True,)
    for name in ("", "two words", "Upper", 'a"; DROP DATABASE twice; --', "x" * 64):
        with pytest.raises(EmbeddedServerError, match="is not the name of a database"):
            running.ensure_database(name)


def test_only_its_owner_may_open_the_folder_of_the_socket(running: EmbeddedServer) -> None:
    folder = Path(str(psycopg.conninfo.conninfo_to_dict(running.url("postgres"))["host"]))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_path_longer_than_a_socket_may_have_does_not_matter(make_server: MakeServer) -> None:
    server = make_server("/".join(["a" * 60, "b" * 60, "été œuvre 'x'"]))
    server.start()
    assert server.is_answering()


def test_destroying_it_leaves_nothing(make_server: MakeServer, tmp_path: Path) -> None:
    server = make_server()
    server.start()
    folder = Path(str(psycopg.conninfo.conninfo_to_dict(server.url("postgres"))["host"]))
    server.destroy()
    assert not folder.exists()
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["lock"]
    server.start()
    assert server.is_answering()


def test_nothing_of_the_wheel_is_imported(tmp_path: Path) -> None:
    script = (
        "import sys; from guichet.embedded.programs import locate; locate(18);"
        "sys.exit(any(name.startswith('pixeltable') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-W", "error", "-c", script], check=False).returncode == 0


def test_the_variables_of_the_caller_change_nothing_nor_does_their_absence(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = f"""
from pathlib import Path
from guichet.embedded import EmbeddedServer
EmbeddedServer(Path({str(tmp_path / "data")!r}), durable=False).start()
"""
    environment = {name: value for name, value in os.environ.items() if name == "PYTHONPATH"}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True, timeout=60)
    misleading = {"PGHOST": "db.example.org", "PGPORT": "1", "PGDATA": "/nowhere", "LC_ALL": "xx_XX"}
    for name, value in misleading.items():
        monkeypatch.setenv(name, value)
    assert server.is_answering()
    server.stop()
    server.start()
    assert server.is_answering()

"""The demo from start to stop, with a real PostgreSQL and stand-ins for the rest."""

import signal
import stat

import pytest

from guichet.embedded import EmbeddedServer
from guichet.running import settings_file
from tests.running.conftest import Launch, front_door, is_gone

# Faults: processes killed, folders spoilt, each a server of its own.
pytestmark = pytest.mark.slow


def test_it_runs_stops_on_ctrl_c_and_keeps_data_and_keys(launch: Launch) -> None:
    run = launch().until("Ctrl-C stops it")
    assert "✓ Starting PostgreSQL" in run.output
    assert "    Caisse of Nîmes" in run.output
    assert f"http://localhost:{run.port}" in run.output
    assert "Lucie Mabire" in run.output
    kept = settings_file.read(run.folder / "settings.env")
    assert front_door(run.port) == kept["GUICHET_SECRET_KEY"]
    assert stat.S_IMODE((run.folder / "settings.env").stat().st_mode) == 0o600
    children = run.children()
    assert run.end(signal.SIGINT) == 0
    assert run.output.splitlines()[-1] == "Stopped."
    assert all(is_gone(pid) for pid in children.values())
    server = EmbeddedServer(run.folder / "postgresql", durable=True)
    assert not server.is_running()

    again = launch().until("Ctrl-C stops it")
    assert settings_file.read(run.folder / "settings.env") == kept
    assert "earlier start" not in again.output
    assert again.end(signal.SIGTERM) == 0
    assert "✗" not in again.output

    fresh = launch("--fresh").until("Ctrl-C stops it")
    assert settings_file.read(run.folder / "settings.env")["GUICHET_SECRET_KEY"] != kept["GUICHET_SECRET_KEY"]
    assert fresh.end(signal.SIGHUP) == 0


def test_what_it_writes_is_closed_to_others(launch: Launch, own_database: str) -> None:
    run = launch(DATABASE_URL=own_database).until("Ctrl-C stops it")
    written = [path for path in run.folder.rglob("*") if not path.is_symlink()]
    assert {"lock", "processes.json", "settings.env", "logs", "web.log"} <= {path.name for path in written}
    for path in (run.folder, *written):
        mode = stat.S_IMODE(path.stat().st_mode)
        # Through the folder itself root's PostgreSQL must pass; nobody lists it.
        allowed = 0o751 if path == run.folder else 0o750 if path.is_dir() else 0o640
        assert mode & ~allowed == 0, f"{path.name} has {mode:o}"
    assert run.end(signal.SIGINT) == 0


def test_a_start_killed_outright_is_swept_up_by_the_next(launch: Launch) -> None:
    run = launch().until("Ctrl-C stops it")
    children = run.children()
    run.end(signal.SIGKILL)
    server = EmbeddedServer(run.folder / "postgresql", durable=True)
    assert server.is_answering()
    again = launch().until("Ctrl-C stops it")
    assert "Stopped what an earlier start had left running: web, worker, PostgreSQL." in again.output
    assert all(is_gone(pid) for pid in children.values())
    assert again.end(signal.SIGINT) == 0
    assert not server.is_running()


def test_when_postgresql_dies_it_says_so(launch: Launch) -> None:
    run = launch().until("Ctrl-C stops it")
    children = run.children()
    EmbeddedServer(run.folder / "postgresql", durable=True).stop()
    run.until("PostgreSQL has stopped by itself.")
    assert run.end() == 1
    assert "database system is shut down" in run.output
    assert all(is_gone(pid) for pid in children.values())


def test_a_second_demo_of_the_folder_is_sent_to_the_first(launch: Launch, own_database: str) -> None:
    first = launch(DATABASE_URL=own_database).until("Ctrl-C stops it")
    for words in ((), ("--fresh",)):
        second = launch(*words, DATABASE_URL=own_database)
        assert second.end() == 1
        assert second.output == (
            f"The demo of this folder already runs at http://localhost:{first.port}: "
            "use it, or stop it with Ctrl-C there.\n"
        )
    assert front_door(first.port)


def test_a_child_that_dies_is_named_with_the_end_of_its_log(launch: Launch, own_database: str) -> None:
    run = launch("worker=briefly", DATABASE_URL=own_database)
    assert run.end() == 1
    assert "the worker is out of breath" in run.output
    assert "The process worker has stopped by itself" in run.output
    assert "Traceback" not in run.output
    web = launch("web=badly", DATABASE_URL=own_database)
    assert web.end() == 1
    assert "the web has a spanner in it" in web.output
    assert "The process web has stopped by itself" in web.output


def test_a_preparation_that_fails_ends_the_start_with_its_reason(launch: Launch, own_database: str) -> None:
    run = launch("prepare=badly", DATABASE_URL=own_database)
    assert run.end() == 1
    assert "the file nimes.toml has no name" in run.output
    assert "The caisses could not be prepared: see " in run.output
    assert not (run.folder / "processes.json").exists()


def test_ctrl_c_during_the_preparation_is_quiet(launch: Launch, own_database: str) -> None:
    run = launch("prepare=slowly", DATABASE_URL=own_database).until("Caisse of Nîmes")
    children = run.children()
    assert list(children) == ["prepare"]
    assert run.end(signal.SIGINT) == 0
    assert run.output.splitlines()[-1] == "Stopped."
    assert is_gone(children["prepare"])


def test_a_start_killed_during_the_preparation_is_swept_up_too(launch: Launch, own_database: str) -> None:
    run = launch("prepare=slowly", DATABASE_URL=own_database).until("Caisse of Nîmes")
    prepare = run.children()["prepare"]
    run.end(signal.SIGKILL)
    again = launch(DATABASE_URL=own_database).until("Ctrl-C stops it")
    assert "Stopped what an earlier start had left running: prepare." in again.output
    assert is_gone(prepare)


def test_a_full_disk_is_one_sentence(launch: Launch, own_database: str) -> None:
    run = launch("prepare=full", DATABASE_URL=own_database)
    assert run.end() == 1
    assert run.output.splitlines()[-1].startswith("No room is left on the disk (")
    assert "Traceback" not in run.output


def test_a_port_taken_meanwhile_is_the_busy_port(launch: Launch, own_database: str) -> None:
    run = launch("web=beaten", DATABASE_URL=own_database)
    assert run.end() == 1
    assert run.output.splitlines()[-1].startswith(f"Port {run.port} is busy")


def test_a_database_of_ones_own_is_used_and_never_erased(launch: Launch, own_database: str) -> None:
    run = launch(DATABASE_URL=own_database).until("Ctrl-C stops it")
    assert settings_file.read(run.folder / "settings.env")["DATABASE_URL"] == own_database
    assert not (run.folder / "postgresql").exists()
    assert run.end(signal.SIGINT) == 0
    fresh = launch("--fresh", DATABASE_URL=own_database)
    assert fresh.end() == 1
    assert (
        fresh.output == "--fresh erases no database of your own: empty it yourself, or unset DATABASE_URL.\n"
    )


def test_a_database_that_does_not_answer_is_one_sentence(launch: Launch) -> None:
    for address, words in {
        "postgres://nobody:hidden@127.0.0.1:1/none": "The database that DATABASE_URL names does not answer: ",
        "mysql://localhost/none": "DATABASE_URL must look like postgres://user@host/name.",
    }.items():
        run = launch(DATABASE_URL=address)
        assert run.end() == 1
        assert run.output.splitlines()[-1].startswith(words)
        assert "hidden" not in run.output
        assert "Traceback" not in run.output

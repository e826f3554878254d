"""The embedded PostgreSQL after what can befall it: the next start works, and no stranger is harmed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from guichet.embedded import EmbeddedServer, EmbeddedServerError, place, processes
from tests.embedded.conftest import MakeServer

# Faults: processes killed, folders spoilt, each a server of its own.
pytestmark = pytest.mark.slow

START = """
import sys
from pathlib import Path
from guichet.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]), durable=False)
server.start()
server.ensure_database("shared")
"""


def cluster_of(server: EmbeddedServer) -> Path:
    return server.log.parent / "cluster"


def socket_folder(server: EmbeddedServer) -> Path:
    return Path(str(psycopg.conninfo.conninfo_to_dict(server.url("postgres"))["host"]))


def postmaster(server: EmbeddedServer) -> int:
    return int((cluster_of(server) / "postmaster.pid").read_text().split("\n")[0])


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while processes.identity(pid) is not None and time.monotonic() < deadline:
        time.sleep(0.02)
    return processes.identity(pid) is None


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"]) as process:
        yield process
        process.kill()


def test_a_killed_server_starts_again_with_its_data(make_server: MakeServer) -> None:
    server = make_server(durable=True)
    server.start()
    with psycopg.connect(server.url("postgres")) as connection:
        connection.execute("CREATE TABLE kept ()")
    os.kill(postmaster(server), signal.SIGKILL)
    server.start()
    with psycopg.connect(server.url("postgres")) as connection:
        assert connection.execute("SELECT to_regclass('kept') IS NOT NULL").fetchone() == (True,)


def test_a_stale_number_that_names_a_stranger_is_no_server(
    server: EmbeddedServer, stranger: subprocess.Popen[bytes]
) -> None:
    server.start()
    pid_file = cluster_of(server) / "postmaster.pid"
    lines = pid_file.read_text().split("\n")
    server.stop()
    pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]))
    assert not server.is_running()
    assert not server.stop()
    server.start()
    assert server.is_answering()
    assert stranger.poll() is None


def test_a_half_written_number_does_not_stop_the_start(server: EmbeddedServer) -> None:
    server.start()
    for text in ("", "12", "\n\n", "not a number\n", "99999999999999999999\n"):
        server.stop()
        (cluster_of(server) / "postmaster.pid").write_text(text)
        server.start()
        assert server.is_answering()


def test_an_interrupted_preparation_is_begun_again(make_server: MakeServer, tmp_path: Path) -> None:
    server = make_server()
    leftover = server.log.parent / "cluster.unfinished.0123abcd"
    (leftover / "base" / "1").mkdir(parents=True)
    (leftover / "PG_VERSION").write_text("18\n")
    server.start()
    assert server.is_answering()
    assert not leftover.exists()


def test_a_start_killed_outright_does_not_spoil_the_next(make_server: MakeServer, tmp_path: Path) -> None:
    server = make_server()
    for patience in (0.15, 0.35, 0.55):
        with subprocess.Popen([sys.executable, "-c", START, str(tmp_path / "data")]) as start:
            time.sleep(patience)
            start.kill()
    server.start()
    assert server.is_answering()


def test_two_first_starts_at_once_make_one_server(make_server: MakeServer, tmp_path: Path) -> None:
    server = make_server()
    command = [sys.executable, "-c", START, str(tmp_path / "data")]
    starts = [subprocess.Popen(command) for _ in range(3)]
    assert [start.wait(60) for start in starts] == [0, 0, 0]
    assert server.is_answering()
    with psycopg.connect(server.url("shared")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_server_whose_socket_was_swept_away_is_started_afresh(server: EmbeddedServer) -> None:
    server.start()
    before, folder = postmaster(server), socket_folder(server)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    assert not server.is_answering()
    server.start()
    assert server.is_answering()
    assert gone(before)


def test_a_folder_left_open_by_somebody_else_is_not_trusted_with_the_socket(server: EmbeddedServer) -> None:
    folder = socket_folder(server)
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(
        EmbeddedServerError, match=r"not a folder of your own, closed to others: remove it\.$"
    ):
        server._place.make_sockets()
    folder.rmdir()
    server._place.make_sockets()
    folder.rmdir()


def test_a_link_in_the_place_of_the_socket_is_not_followed(server: EmbeddedServer, tmp_path: Path) -> None:
    folder = socket_folder(server)
    folder.symlink_to(tmp_path)
    with pytest.raises(EmbeddedServerError, match="is not a folder of your own"):
        server.start()
    folder.unlink()


def test_a_server_that_cannot_start_gives_its_own_reason(server: EmbeddedServer) -> None:
    server.start()
    server.stop()
    (cluster_of(server) / "postgresql.auto.conf").write_text("work_mem = 'much'\n")
    with pytest.raises(EmbeddedServerError, match=r"PostgreSQL did not start: .*FATAL") as raised:
        server.start()
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["$HOME", "`id`", 'a"b', "a\\b"])
def test_a_folder_that_a_shell_would_misread_is_refused(name: str) -> None:
    with pytest.raises(EmbeddedServerError, match="cannot start from"):
        place._refuse_unquotable(Path("/srv/guichet"), Path("/srv") / name)

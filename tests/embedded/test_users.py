"""Root, whom PostgreSQL refuses, and ordinary users: each finds its server."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from guichet.embedded import EmbeddedServer, EmbeddedServerError, place, programs
from tests.embedded.conftest import MakeServer

# Faults: processes killed, folders spoilt, each a server of its own.
pytestmark = pytest.mark.slow

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts servers for others")
ORDINARY, OTHER = (pwd.getpwnam(name).pw_uid for name in ("daemon", "nobody"))
SITE = Path(programs.locate(18).root).parents[1]
ENVIRONMENT = {"PATH": os.defpath, "PYTHONPATH": f"{Path(programs.__file__).parents[2]}:{SITE}"}
MOUNT, UNMOUNT = (shutil.which(name) or name for name in ("mount", "umount"))
ACT = """
import sys
from pathlib import Path
from guichet.embedded import EmbeddedServer, EmbeddedServerError
server = EmbeddedServer(Path(sys.argv[1]), durable=False)
try:
    getattr(server, sys.argv[2])()
except EmbeddedServerError as error:
    sys.exit(str(error))
print(server.notice)
"""


def python_for(user: int) -> str | None:
    """The one of the tests may lie in a closed home. The starter needs nothing but a Python, and the wheel's files."""
    names = [sys.executable, *(f"/usr/bin/python3.{minor}" for minor in (11, 12, 13))]
    script = "import guichet.embedded; from guichet.embedded.programs import locate; locate(18)"
    for name in names:
        try:
            tried = subprocess.run([name, "-c", script], user=user, env=ENVIRONMENT, cwd="/", check=False)
        except OSError:
            continue
        if tried.returncode == 0:
            return name
    return None


def act(python: str, data: Path, verb: str, *, user: int) -> subprocess.CompletedProcess[str]:
    """By a process of that user, with no variables."""
    return subprocess.run(
        [python, "-c", ACT, str(data), verb],
        user=user,
        group=user,
        extra_groups=(),
        env=ENVIRONMENT,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """pytest's own folders are closed to everybody else."""
    folder = Path(tempfile.mkdtemp(prefix="guichet-tests-"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


@as_root
def test_behind_a_closed_folder_the_data_of_root_are_kept_aside(
    make_server: MakeServer, tmp_path: Path
) -> None:
    tmp_path.chmod(0o700)
    server = make_server()
    server.start()
    home = server.log.parent
    assert home.parent == place.OPEN_ROOT
    assert stat.S_IMODE(home.stat().st_mode) == 0o711
    assert str(home) in server.notice
    assert (home / "cluster").stat().st_uid != 0
    server.destroy()
    assert not home.exists()


@as_root
def test_data_kept_aside_stay_there_once_the_folder_is_open(
    make_server: MakeServer, open_folder: Path
) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    server = EmbeddedServer(closed / "data", durable=False)
    server.start()
    home = server.log.parent
    server.stop()
    closed.chmod(0o755)
    again = EmbeddedServer(closed / "data", durable=False)
    again.start()
    assert again.log.parent == home
    again.destroy()


@as_root
def test_a_folder_made_aside_by_somebody_else_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    server = EmbeddedServer(tmp_path / "data", durable=False)
    server.start()
    home = server.log.parent
    server.destroy()
    home.mkdir()
    os.chown(home, OTHER, OTHER)
    with pytest.raises(EmbeddedServerError, match="is not a folder of your own"):
        EmbeddedServer(tmp_path / "data", durable=False).start()
    home.rmdir()


@as_root
def test_in_an_open_folder_the_data_of_root_stay_there(open_folder: Path) -> None:
    server = EmbeddedServer(open_folder / "data", durable=False)
    server.start()
    assert server.notice == ""
    assert server.log.parent == open_folder / "data"
    server.destroy()


@as_root
def test_programs_out_of_reach_are_copied(
    make_server: MakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = programs.locate(18)
    closed = tmp_path / "closed"
    copied = installed.copy_to(closed)
    closed.chmod(0o700)
    monkeypatch.setattr(place, "locate", lambda _: copied)
    server = make_server()
    server.start()
    assert server.is_answering()
    assert list(server.log.parent.glob("programs-*"))


@as_root
def test_an_ordinary_user_has_a_server_which_root_may_start_and_a_third_may_not(open_folder: Path) -> None:
    python = python_for(ORDINARY)
    if python is None:
        pytest.skip("this copy of the project, or every Python, is closed to other users")
    data = open_folder / "data"
    started = act(python, data, "start", user=ORDINARY)
    assert (started.returncode, started.stdout.strip()) == (0, ""), started.stderr
    assert (data / "cluster").stat().st_uid == ORDINARY
    assert act(python, data, "stop", user=ORDINARY).returncode == 0
    by_root = EmbeddedServer(data, durable=False)
    by_root.start()
    assert by_root.is_answering()
    by_root.stop()
    data.chmod(0o777)
    (data / "lock").chmod(0o666)
    refused = act(python, data, "start", user=OTHER)
    assert refused.returncode == 1
    assert "belongs to another user" in refused.stderr
    by_root.destroy()


@as_root
@pytest.mark.parametrize("megabytes", [20, 45], ids=["before the data are whole", "once they are"])
def test_a_disk_that_fills_up_is_one_sentence_and_room_mends_it(open_folder: Path, megabytes: int) -> None:
    small = open_folder / "small"
    small.mkdir(mode=0o755)
    mounted = subprocess.run(
        [MOUNT, "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(small)], check=False
    )
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        server = EmbeddedServer(small / "data", durable=True)
        if megabytes > 20:
            server.start()
            server.stop()
            fill(small / "ballast")
        with pytest.raises(EmbeddedServerError, match="no room is left on the disk of"):
            start_and_write(server)
        assert not list((small / "data").glob("cluster.unfinished*"))
        (small / "ballast").unlink(missing_ok=True)
        subprocess.run([MOUNT, "-o", "remount,size=200m", str(small)], check=True)
        server.start()
        assert server.is_answering()
        server.destroy()
    finally:
        subprocess.run([UNMOUNT, str(small)], check=True)


def start_and_write(server: EmbeddedServer) -> None:
    server.start()
    server.ensure_database("more")


def fill(path: Path) -> None:
    with suppress(OSError), path.open("wb", 0) as file:
        while True:
            file.write(bytes(4096))

"""What stands in the way before anything is started, each in one sentence."""

import errno
import os
import shutil
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from guichet.running import ports, settings_file
from guichet.running.obstacles import CannotGoOnError, require_room, told_plainly
from guichet.running.options import Options, parse
from tests.running.conftest import Launch, Run


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104  # for the length of a test
def test_a_busy_port_is_named_and_another_is_offered(launch: Launch, port: int, host: str) -> None:
    with socket.socket() as other:
        other.bind((host, port))
        other.listen()
        run: Run = launch()
        assert run.end() == 1
    assert run.output.startswith(f"Port {port} is busy: ")
    assert f"--port {port % 60000 + 1}" in run.output
    assert run.output.count("\n") == 1


def test_a_port_is_busy_when_only_its_second_address_is(port: int) -> None:
    with socket.socket(socket.AF_INET6) as other:
        try:
            other.bind(("::1", port))
        except OSError:
            pytest.skip("this computer has no ::1")
        other.listen()
        with pytest.raises(CannotGoOnError, match="is busy"):
            ports.require_free(port)
    ports.require_free(port)


@pytest.mark.parametrize(
    "words", [["--port", "0"], ["--port", "65536"], ["--port", "٣"], ["--prot", "1"], ["x"]]
)
def test_a_mistaken_option_is_explained(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        parse(words)
    assert stopped.value.code == 2
    assert "usage: bin/demo [-h] [--fresh] [--port N]" in capsys.readouterr().err


def test_the_options_are_what_they_say() -> None:
    assert parse([]) == Options(fresh=False, port=8000)
    assert parse(["--fresh", "--port", "8123"]) == Options(fresh=True, port=8123)


def test_little_room_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=299_999_999))
    with pytest.raises(CannotGoOnError, match=r"has 299 MB left, 300 are needed"):
        require_room(tmp_path, 300)
    require_room(tmp_path, 299)


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "No room is left"), (errno.EACCES, "is closed to this user")]
)
def test_an_everyday_failure_of_the_disk_is_no_traceback(number: int, words: str) -> None:
    with pytest.raises(CannotGoOnError, match=words), told_plainly():
        raise OSError(number, os.strerror(number), "/srv/guichet/var")


def test_the_keys_are_made_once_and_are_strong() -> None:
    made = settings_file.with_keys({})
    assert settings_file.with_keys(made) == made
    assert settings_file.with_keys({}) != made
    assert len(made["GUICHET_SECRET_KEY"]) >= 50


def test_the_settings_are_read_as_they_were_written(tmp_path: Path) -> None:
    settings = {"DATABASE_URL": "postgres://postgres@/x?host=%2Ftmp%2Fy&a=b", "GUICHET_MASTER_KEY": "ab+/=="}
    settings_file.write(tmp_path / "settings.env", settings)
    assert settings_file.read(tmp_path / "settings.env") == settings
    assert settings_file.read(tmp_path / "none.env") == {}

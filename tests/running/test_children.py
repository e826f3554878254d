"""The processes of the demo: written down, stopped whole, and never mistaken for others."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from guichet.embedded import processes
from guichet.running import children
from guichet.running.children import Children
from tests.running.conftest import is_gone

DEAF_WITH_CHILD = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"]).pid, flush=True)
time.sleep(120)
"""


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", "import time; time.sleep(120)"]
    with subprocess.Popen(command, start_new_session=True) as process:
        # Between its birth and its programme it has no command yet.
        while not processes.command(process.pid):
            time.sleep(0.01)  # polling another process
        yield process
        process.kill()


def test_a_stranger_under_a_recorded_number_is_let_be(
    tmp_path: Path, sleeper: subprocess.Popen[bytes]
) -> None:
    record, born = tmp_path / "processes.json", processes.identity(sleeper.pid)
    record.write_text(f'[["web", {sleeper.pid}, "another birth"]]')
    assert Children(record, tmp_path).stop_leftovers() == []
    assert sleeper.poll() is None
    record.write_text(f'[["web", {sleeper.pid}, "{born}"]]')
    assert Children(record, tmp_path).stop_leftovers() == ["web"]
    assert sleeper.wait(5) != 0


@pytest.mark.parametrize("text", ["", "{", "null", '[["web"]]', '[["web", "many", "x"]]'])
def test_a_record_that_nobody_can_read_stops_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "processes.json").write_text(text)
    assert Children(tmp_path / "processes.json", tmp_path).stop_leftovers() == []


def test_a_child_that_will_not_stop_is_made_to_with_all_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "STOP_SECONDS", 0.3)
    own = Children(tmp_path / "processes.json", tmp_path)
    own.start("worker", [sys.executable, "-c", DEAF_WITH_CHILD], cwd=tmp_path, environment=dict(os.environ))
    deadline = time.monotonic() + 10
    while not (tmp_path / "worker.log").read_text().strip() and time.monotonic() < deadline:
        time.sleep(0.02)
    grandchild = int((tmp_path / "worker.log").read_text())
    assert own.dead() is None
    own.stop()
    assert is_gone(grandchild)
    assert not (tmp_path / "processes.json").exists()


def test_a_number_given_to_another_has_another_birth(sleeper: subprocess.Popen[bytes]) -> None:
    assert processes.identity(sleeper.pid) == processes.identity(sleeper.pid)
    assert processes.identity(sleeper.pid) != processes.identity(os.getpid())
    assert "time.sleep(120)" in processes.command(sleeper.pid)
    sleeper.kill()
    assert is_gone(sleeper.pid)


def test_without_a_proc_folder_ps_tells_the_same(
    sleeper: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(processes, "PROC", tmp_path)
    born = processes.identity(sleeper.pid)
    assert born
    assert "time.sleep(120)" in processes.command(sleeper.pid)
    assert not processes.end(sleeper.pid, "another birth", patience=1)
    assert processes.end(sleeper.pid, born, patience=5)
    assert processes.identity(sleeper.pid) is None

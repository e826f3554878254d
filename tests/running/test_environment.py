"""The folder .venv: whole or made again, never trusted by half. The Python in it is a stand-in that takes notes."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from guichet.running.environment import Environment
from guichet.running.obstacles import CannotGoOnError
from guichet.running.screen import Screen

ROOT = Path(__file__).resolve().parents[2]
PYTHON = """#!/bin/sh
echo "$@" >> "{root}/calls"
case "$*" in *--version*) exit 0 ;; esac
cat "{root}/answer" 2>/dev/null && exit 1
exit 0
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "requirements").mkdir()
    for name in ("demo", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(f"{name}==1 --hash=sha256:0\n")
    (tmp_path / "pyproject.toml").write_text("")
    make_venv(tmp_path)
    return tmp_path


def make_venv(root: Path) -> None:
    (root / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
    (root / ".venv" / "pyvenv.cfg").write_text("version = 3.11.7\n")
    (root / ".venv" / "bin" / "python").write_text(PYTHON.format(root=root))
    (root / ".venv" / "bin" / "python").chmod(0o755)


def ensure(root: Path, name: str = "demo") -> bool:
    return Environment(root, name).ensure(Screen())


def calls(root: Path) -> list[str]:
    lines = (root / "calls").read_text().splitlines() if (root / "calls").exists() else []
    (root / "calls").unlink(missing_ok=True)
    return [line for line in lines if " install " in line]


def test_what_is_installed_is_pinned_and_hashed_and_installed_once(root: Path) -> None:
    assert ensure(root)
    first, second = calls(root)
    assert first.endswith(f"install --require-hashes -r {root}/requirements/demo.txt")
    assert second.endswith(f"install --no-deps --no-build-isolation --editable {root}")
    assert not ensure(root)
    assert calls(root) == []


@pytest.mark.parametrize("changed", ["requirements/demo.txt", "pyproject.toml", ".venv/pyvenv.cfg"])
def test_a_change_is_installed(root: Path, changed: str) -> None:
    ensure(root)
    (root / changed).write_text("version = 3.12.1\n")
    assert not Environment(root, "demo").is_whole()
    assert ensure(root)
    assert not ensure(root)


def test_a_folder_moved_elsewhere_is_not_whole(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    ensure(root)
    moved = tmp_path_factory.mktemp("moved") / "guichet"
    shutil.copytree(root, moved)
    assert not Environment(moved, "demo").is_whole()


def test_what_the_tests_need_serves_the_demo_but_not_the_other_way_round(root: Path) -> None:
    ensure(root, "demo")
    assert ensure(root, "dev")
    calls(root)
    assert not ensure(root, "demo")
    assert not ensure(root, "dev")
    assert calls(root) == []


def test_an_installation_cut_short_is_begun_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / ".venv" / "guichet.unfinished").touch()
    made: list[str] = []

    def make(environment: Environment, lock: object) -> None:
        shutil.rmtree(root / ".venv")
        make_venv(root)
        made.append("again")

    monkeypatch.setattr(Environment, "_make_venv", make)
    assert ensure(root)
    assert made == ["again"]
    assert not (root / ".venv" / "guichet.unfinished").exists()
    assert not ensure(root)


def test_a_killed_pip_leaves_the_mark_of_an_unfinished_folder(root: Path) -> None:
    (root / ".venv" / "bin" / "python").write_text(
        PYTHON.format(root=root).replace("exit 0\n", "kill -9 $$\n")
    )
    with pytest.raises(CannotGoOnError):
        ensure(root)
    assert (root / ".venv" / "guichet.unfinished").exists()
    assert not Environment(root, "demo").is_whole()


def test_what_the_registry_refuses_is_one_sentence_and_spoils_nothing(root: Path) -> None:
    (root / "answer").write_text("WARNING: Retrying\nERROR: No matching distribution found for demo==1\n\n")
    with pytest.raises(CannotGoOnError) as raised:
        ensure(root)
    reason = "ERROR: No matching distribution found for demo==1"
    assert str(raised.value) == f"The packages could not be installed: {reason}"
    (root / "answer").unlink()
    assert not (root / ".venv" / "guichet.unfinished").exists()
    assert ensure(root)


def test_a_disk_that_fills_up_is_one_sentence_and_the_folder_is_made_again(root: Path) -> None:
    (root / "answer").write_text("ERROR: Could not install: [Errno 28] No space left on device\n")
    with pytest.raises(CannotGoOnError, match="No room is left on the disk"):
        ensure(root)
    assert (root / ".venv" / "guichet.unfinished").exists()


def test_a_disk_without_room_is_refused_before(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    with pytest.raises(CannotGoOnError, match="has 1 MB left"):
        ensure(root)
    assert calls(root) == []


def test_two_starts_at_once_install_once(root: Path) -> None:
    script = f"""
from pathlib import Path
from guichet.running.environment import Environment
from guichet.running.screen import Screen
Environment(Path({str(root)!r}), "demo").ensure(Screen())
"""
    (root / "var").mkdir()
    with (root / "var" / "setup.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        starts = [
            subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) for _ in "ab"
        ]
        heard = [start.stdout.readline() for start in starts if start.stdout is not None]
    assert heard == ["… Waiting for another start, which is installing\n"] * 2
    for start in starts:
        start.communicate(timeout=30)
        assert start.returncode == 0
    assert len(calls(root)) == 2


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"requirements": "demo"}', '{"requirements": "x", "digest": 1}']
)
def test_a_stamp_that_nobody_can_read_is_none(root: Path, text: str) -> None:
    (root / ".venv" / "guichet.stamp").write_text(text)
    assert not Environment(root, "demo").is_whole()


def test_a_python_that_has_gone_is_noticed(root: Path) -> None:
    ensure(root)
    python = root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to(root / "nowhere")
    assert not Environment(root, "demo").is_whole()


@pytest.mark.slow
def test_a_whole_copy_installs_itself_and_shrugs_off_a_kill(tmp_path: Path) -> None:
    left_out = shutil.ignore_patterns(".venv", "var", ".git", "__pycache__", ".*_cache")
    root = tmp_path / "copy"
    shutil.copytree(ROOT, root, ignore=left_out, symlinks=True)
    script = (
        "from _setup import ensure; ensure('demo'); import django, gunicorn, guichet; print(guichet.__file__)"
    )
    (root / "bin" / "probe").write_text(script)
    command = [os.path.realpath(sys.executable), str(root / "bin" / "probe")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as first:
        for line in first.stdout or ():
            if "Installing the" in line:
                break
        os.killpg(first.pid, 9)
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert "✓ Making .venv" in again.stdout
    assert again.stdout.splitlines()[-1] == str(root / "platform" / "guichet" / "__init__.py")
    assert json.loads((root / ".venv" / "guichet.stamp").read_text())["requirements"] == "demo"
    warm = subprocess.run(command, capture_output=True, text=True, check=True)
    assert warm.stdout.count("\n") == 1


def test_what_a_script_starts_keeps_its_bytecode_whatever_the_machine_is_used_to() -> None:
    told = "import os, sys; print(sys.dont_write_bytecode, os.environ.get('PYTHONDONTWRITEBYTECODE'))"
    done = subprocess.run(
        [sys.executable, "-c", f"from guichet.running.environment import enter; enter('demo'); {told}"],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["False", "None"]

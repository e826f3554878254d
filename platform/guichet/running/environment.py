"""The folder .venv: made from pinned, hashed requirements, stamped once whole, mended if cut short."""

import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from guichet.running.obstacles import NO_ROOM, CannotGoOnError, full, report, require_room, told_plainly
from guichet.running.screen import Screen

ROOT = Path(__file__).resolve().parents[3]
# What may stand in for a file of requirements: the tests need all that the demo needs.
SERVES = {"demo": ("demo", "dev"), "dev": ("dev",)}
MEGABYTES = {"demo": 500, "dev": 1200}
SUPPORTED = re.compile(r"^version *= *3\.1[123]\b", re.MULTILINE)
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet")


def enter(requirements: str, root: Path = ROOT) -> None:
    """Replaces this process by the same script under .venv/bin/python, unless it already is."""
    try:
        made = Environment(root, requirements).ensure(Screen())
    except CannotGoOnError as error:
        report(error)
        sys.exit(1)
    _keep_bytecode()
    if made or Path(sys.prefix).resolve() != (root / ".venv").resolve():
        python = str(root / ".venv" / "bin" / "python")
        sys.stdout.flush()
        os.execv(python, [python, *sys.argv])  # noqa: S606  # this very script again


def _keep_bytecode() -> None:
    """Whatever the machine's habit, for this process and those that it starts.

    They are dozens in a run of the tests, and each would compile the same thousand modules anew.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


class Environment:
    def __init__(self, root: Path, requirements: str) -> None:
        self._root = root
        self._name = requirements
        self._venv = root / ".venv"
        self._stamp = self._venv / "guichet.stamp"
        self._unfinished = self._venv / "guichet.unfinished"

    @property
    def python(self) -> Path:
        return self._venv / "bin" / "python"

    def is_whole(self) -> bool:
        """As its stamp tells: the same requirements, project file, Python and folder as when it was made."""
        try:
            stamp = json.loads(self._stamp.read_text())
            name, digest = stamp["requirements"], stamp["digest"]
        except (OSError, ValueError, KeyError, TypeError):
            return False
        return name in SERVES[self._name] and os.access(self.python, os.X_OK) and digest == self._digest(name)

    def ensure(self, screen: Screen) -> bool:
        """True when something had to be installed. Raises CannotGoOnError."""
        if self.is_whole():
            return False
        with told_plainly():
            (self._root / "var").mkdir(exist_ok=True)
            with (self._root / "var" / "setup.lock").open("a") as lock:
                self._wait_for(lock, screen)
                if self.is_whole():
                    return True
                require_room(self._root, MEGABYTES[self._name])
                self._make(screen, lock)
        return True

    def _wait_for(self, lock: IO[str], screen: Screen) -> None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with screen.step("Waiting for another start, which is installing"):
                fcntl.flock(lock, fcntl.LOCK_EX)

    def _make(self, screen: Screen, lock: IO[str]) -> None:
        self._stamp.unlink(missing_ok=True)
        if not self._is_usable():
            with screen.step(f"Making .venv with Python {sys.version_info[0]}.{sys.version_info[1]}"):
                self._make_venv(lock)
        listed = self._root / "requirements" / f"{self._name}.txt"
        count = sum("==" in line for line in listed.read_text().splitlines())
        with screen.step(f"Installing the {count} packages of requirements/{listed.name}"):
            self._run([self.python, *PIP, "install", "--require-hashes", "-r", listed], lock)
        with screen.step("Installing Guichet itself"):
            words = ("install", "--no-deps", "--no-build-isolation", "--editable", self._root)
            self._run([self.python, *PIP, *words], lock)
        self._unfinished.unlink(missing_ok=True)
        text = json.dumps({"requirements": self._name, "digest": self._digest(self._name)})
        partial = self._stamp.with_suffix(".partial")
        partial.write_text(text)
        partial.replace(self._stamp)

    def _is_usable(self) -> bool:
        """To build on. A folder left by an interrupted start is not: a package may be there by half."""
        if self._unfinished.exists() or not SUPPORTED.search(self._configuration()):
            return False
        try:
            tried = subprocess.run([self.python, "-m", "pip", "--version"], capture_output=True, check=False)
        except OSError:
            return False
        return tried.returncode == 0

    def _make_venv(self, lock: IO[str]) -> None:
        if importlib.util.find_spec("ensurepip") is None:
            version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
            raise CannotGoOnError(
                f"This Python cannot make environments: install its venv module (Debian: {version}-venv)."
            )
        if self._venv.is_symlink() or self._venv.is_file():
            self._venv.unlink()
        elif self._venv.exists():
            shutil.rmtree(self._venv)
        self._venv.mkdir()
        self._unfinished.touch()
        base = getattr(sys, "_base_executable", None) or sys.executable
        self._run([base, "-m", "venv", self._venv], lock)

    def _run(self, command: Sequence[str | Path], lock: IO[str]) -> None:
        """The lock goes along: should this process be killed, the next start waits for what it had begun."""
        self._unfinished.touch()
        done = subprocess.run(
            [str(word) for word in command],
            cwd=self._root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            pass_fds=[lock.fileno()],
        )
        if done.returncode:
            if done.returncode > 0 and NO_ROOM not in done.stdout and self.python.exists():
                # pip refused in good order, most often for want of a network: what was there still works.
                self._unfinished.unlink(missing_ok=True)
            raise CannotGoOnError(_reason(done.stdout, self._root))

    def _configuration(self) -> str:
        try:
            return (self._venv / "pyvenv.cfg").read_text()
        except OSError:
            return ""

    def _digest(self, name: str) -> str:
        version = re.search(r"^version *= *(.+)$", self._configuration(), re.MULTILINE)
        digest = hashlib.sha256(f"{self._root}\n{version and version[1]}\n".encode())
        for path in (self._root / "requirements" / f"{name}.txt", self._root / "pyproject.toml"):
            digest.update(path.read_bytes())
        return digest.hexdigest()


def _reason(output: str, root: Path) -> str:
    if NO_ROOM in output:
        return full(root)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return f"The packages could not be installed: {(errors or lines or ['pip gave no reason'])[-1]}"

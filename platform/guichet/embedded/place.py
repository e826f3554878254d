"""Where a cluster lives: its data, its socket, its log, its programs, and the user who owns them."""

import fcntl
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from guichet.embedded.account import Account, account_for
from guichet.embedded.programs import EmbeddedServerError, Programs, Version, locate, run

# A socket's path may hold 107 bytes (103 on macOS), so it never depends on the length of the data's path.
SOCKET_ROOT = Path("/tmp")  # noqa: S108  # the folder made in it is checked: a real folder, ours, closed to others
OPEN_ROOT = Path("/var/tmp")  # noqa: S108  # as above, and it must outlive a restart of the computer
# pg_ctl puts these paths between double quotes for a shell.
UNQUOTABLE = set('"$`\\\n')


@dataclass(frozen=True, slots=True)
class Place:
    data: Path
    home: Path
    programs: Programs
    account: Account
    notice: str

    @property
    def lock(self) -> Path:
        return self.data / "lock"

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def sockets(self) -> Path:
        return SOCKET_ROOT / f"guichet-{_digest(self.cluster, self.account.uid)}"

    def make_sockets(self) -> None:
        own_folder(self.sockets, mode=0o700, owners={self.account.uid, os.geteuid()})
        give(self.sockets, self.account)


def settle(data: Path, version: Version) -> Place:
    """Makes the data folder if need be. Root's data go aside when their user may not enter that folder."""
    data = data.resolve()
    _make(data)
    with locked(data / "lock"):
        home = _home(data)
        account, programs = account_for(home / "cluster"), locate(version)
        _refuse_foreign(home / "cluster", account)
        if account.borrowed and not _may(account, 'test -r "$1" && "$2" --version', *_probes(programs)):
            programs = programs.copy_to(own_folder(_aside(data), mode=0o711, owners={0}))
        _refuse_unquotable(home, programs.root)
        return Place(
            data=data, home=home, programs=programs, account=account, notice=_notice(data, home, account)
        )


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time. The system lets go of it whatever becomes of that process."""
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _home(data: Path) -> Path:
    """Data once made stay where they are, whatever becomes of the rights on the folders above them."""
    account, aside = account_for(data / "cluster"), _aside(data)
    if not account.borrowed:
        return data
    enters = _may(account, 'cd "$1"', data)
    if (data / "cluster").exists():
        if enters:
            return data
        raise EmbeddedServerError(
            f"{account.name} owns {data / 'cluster'} but may not enter that folder: open the ones above it."
        )
    if enters and not (aside / "cluster").exists():
        return data
    return own_folder(aside, mode=0o711, owners={0})


def _aside(data: Path) -> Path:
    return OPEN_ROOT / f"guichet-{_digest(data, os.geteuid())}"


def give(path: Path, account: Account) -> None:
    if account.borrowed:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _make(data: Path) -> None:
    if data.is_dir():
        return
    data.mkdir(parents=True, exist_ok=True)
    with suppress(PermissionError):
        data.chmod(0o711 if os.geteuid() == 0 else 0o700)


def _probes(programs: Programs) -> tuple[Path, Path]:
    return programs.root / "share" / "postgresql" / "postgres.bki", programs.path("postgres")


def _may(account: Account, script: str, *paths: Path) -> bool:
    return run(["/bin/sh", "-c", script, "sh", *paths], account=account).returncode == 0


def own_folder(folder: Path, *, mode: int, owners: set[int]) -> Path:
    """A folder made by somebody else, or a link left in its place, is refused: PostgreSQL would trust it."""
    with suppress(FileExistsError):
        folder.mkdir(mode=mode)
        folder.chmod(mode)
    state = folder.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid not in owners or state.st_mode & 0o777 & ~mode:
        raise EmbeddedServerError(f"{folder} is not a folder of your own, closed to others: remove it.")
    return folder


def _refuse_unquotable(*paths: Path) -> None:
    for path in paths:
        if UNQUOTABLE & set(str(path)):
            raise EmbeddedServerError(f'PostgreSQL cannot start from {path}: its name holds ", $, ` or \\.')


def _refuse_foreign(cluster: Path, account: Account) -> None:
    if cluster.exists() and cluster.stat().st_uid != account.uid:
        raise EmbeddedServerError(f"{cluster} belongs to another user: start as that user, or remove it.")


def _notice(data: Path, home: Path, account: Account) -> str:
    if home == data:
        return ""
    return f"PostgreSQL runs as {account.name}, who may not enter {data}: its data are in {home}."


def _digest(path: Path, uid: int) -> str:
    return hashlib.sha256(f"{uid}:{path}".encode(errors="surrogateescape")).hexdigest()[:16]

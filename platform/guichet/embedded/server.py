"""One cluster, started, asked and stopped. What is on the disk may come from a start that was cut short."""

import re
import secrets
import shutil
import time
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from guichet.embedded import processes
from guichet.embedded.place import Place, give, locked, settle
from guichet.embedded.programs import EmbeddedServerError, Version

ADMINISTRATOR = "postgres"
DATABASE_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")
UNFINISHED = "cluster.unfinished."
NEEDED_BYTES = 1_000_000
NO_ROOM = "No space left on device"
# What a killed postmaster leaves until its last child has noticed.
STILL_HELD = "pre-existing shared memory block"
START_SECONDS = 120
STOP_SECONDS = 30
RETRY_SECONDS = 15.0

SETTINGS = {
    # No network at all: the socket's folder is the door, and only its owner may open it.
    "listen_addresses": "''",
    "max_connections": "100",
    # A statement over hundreds of schemas takes a lock per table and index.
    "max_locks_per_transaction": "1024",
}
# For tests: a server killed outright may forget its last instants, and a power cut may spoil its data.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedServer:
    """PostgreSQL in the folder `data`. Several processes may use the same folder: a lock orders them."""

    def __init__(self, data: Path, *, durable: bool, version: Version = 18) -> None:
        self._data = data
        self._durable = durable
        self._version = version

    @cached_property
    def _place(self) -> Place:
        return settle(self._data, self._version)

    @property
    def notice(self) -> str:
        """A sentence for the reader when the data could not stay in the folder, else empty."""
        return self._place.notice

    @property
    def log(self) -> Path:
        return self._place.log

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own files, to be copied while it is at rest."""
        return self._place.cluster

    def url(self, database: str) -> str:
        """The administrator's address, for psycopg and for Django's settings alike."""
        return (
            f"postgres://{ADMINISTRATOR}@/{quote(database)}?host={quote(str(self._place.sockets), safe='')}"
        )

    def is_answering(self) -> bool:
        """Not a process number: a query that came back."""
        if not (self._place.sockets / ".s.PGSQL.5432").exists():
            return False
        return self._sql("SELECT 1", database="template1")[0] == "1"

    def start(self) -> None:
        """Until it answers. Already answering: nothing to do. Raises EmbeddedServerError."""
        with locked(self._place.lock):
            if self.is_answering():
                return
            self._initialise()
            if not self._wait_for_living():
                self._launch()
            if not self.is_answering():
                raise EmbeddedServerError(f"PostgreSQL started but does not answer: see {self.log}.")

    def is_running(self) -> bool:
        """A postmaster lives, though it may not answer yet. Costs no query."""
        return self._postmaster() is not None

    def stop(self) -> bool:
        """At rest when it returns. False when it already was."""
        with locked(self._place.lock):
            running = self.is_running()
            self._halt()
        return running

    def destroy(self) -> None:
        """Stops it and removes all its data."""
        with locked(self._place.lock):
            self._halt()
            if self._place.cluster.exists():
                shutil.rmtree(self._place.cluster)
            self._remove_unfinished()
            for log in (self.log, self._previous_log):
                log.unlink(missing_ok=True)
            if self._place.home != self._place.data and self._place.home.exists():
                shutil.rmtree(self._place.home)
        del self.__dict__["_place"]

    def ensure_database(self, name: str) -> None:
        if not DATABASE_NAME.match(name):
            raise EmbeddedServerError(f"{name!r} is not the name of a database.")
        with locked(self._place.lock):
            asked = f"SELECT 1 FROM pg_database WHERE datname = '{name}'"  # noqa: S608  # matched above
            if self._sql(asked)[0] == "1":
                return
            _, error = self._sql(f'CREATE DATABASE "{name}" TEMPLATE template0')
            if error:
                raise self._failure(f"The database {name} could not be made", error)

    @property
    def _previous_log(self) -> Path:
        return self.log.with_suffix(".previous.log")

    def _initialise(self) -> None:
        """The cluster takes its name once it is whole: an interrupted initdb leaves nothing to trip over."""
        place = self._place
        if place.cluster.exists():
            found = (place.cluster / "PG_VERSION").read_text().strip()
            if found != str(self._version):
                raise EmbeddedServerError(f"PostgreSQL {found} made {place.cluster}, not {self._version}.")
            return
        self._remove_unfinished()
        unfinished = place.home / f"{UNFINISHED}{secrets.token_hex(4)}"
        unfinished.mkdir(mode=0o700)
        give(unfinished, place.account)
        options = ["-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions", "--wal-segsize=1"]
        options += [] if self._durable else ["--no-sync"]
        answer = place.programs.run(
            "initdb", "-U", ADMINISTRATOR, *options, "-D", unfinished, account=place.account
        )
        if answer.returncode:
            failure = self._failure("PostgreSQL could not prepare its data", answer.stderr)
            self._remove_unfinished()
            raise failure
        unfinished.rename(place.cluster)

    def _remove_unfinished(self) -> None:
        # The initdb of a start killed outright may still be writing there: what resists goes another time.
        for folder in self._place.home.glob(f"{UNFINISHED}*"):
            shutil.rmtree(folder, ignore_errors=True)

    def _wait_for_living(self) -> bool:
        """True once a postmaster that was still starting answers. One that cannot be reached is stopped."""
        if self._postmaster() is None:
            self._pid_file.unlink(missing_ok=True)
            return False
        deadline = time.monotonic() + RETRY_SECONDS
        while self._postmaster() is not None and time.monotonic() < deadline:
            if self.is_answering():
                return True
            if not self._place.sockets.exists():
                break
            time.sleep(0.1)
        self._halt()
        return False

    @property
    def _pid_file(self) -> Path:
        return self._place.cluster / "postmaster.pid"

    def _postmaster(self) -> int | None:
        """The number in the file counts only while it names a PostgreSQL running on this very cluster."""
        try:
            pid = int(self._pid_file.read_text().partition("\n")[0])
        except (FileNotFoundError, ValueError):
            return None
        words = processes.command(pid)
        return pid if str(self._place.cluster) in words and "postgres" in words else None

    def _launch(self) -> None:
        place, settings = self._place, SETTINGS | ({} if self._durable else FAST)
        place.make_sockets()
        # A killed postmaster whose number is still taken would be believed: none lives here, as was just seen.
        for remnant in place.sockets.iterdir():
            remnant.unlink()
        words = " ".join(f"-c {name}={value}" for name, value in settings.items())
        deadline = time.monotonic() + RETRY_SECONDS
        while True:
            self._turn_log()
            answer = place.programs.run(
                *("pg_ctl", "start", "-w", "-s", "-t", str(START_SECONDS)),
                *("-D", place.cluster, "-l", place.log, "-o", f"-k {place.sockets} {words}"),
                account=place.account,
            )
            if not answer.returncode:
                return
            said = place.log.read_text(errors="replace")
            if STILL_HELD not in said or time.monotonic() > deadline:
                raise self._failure("PostgreSQL did not start", said or answer.stderr)
            time.sleep(0.2)

    def _turn_log(self) -> None:
        log = self.log
        with suppress(FileNotFoundError):
            log.rename(self._previous_log)
        log.touch(mode=0o600)
        give(log, self._place.account)

    def _halt(self) -> None:
        place = self._place
        for manner in ("fast", "immediate"):
            if self._postmaster() is None:
                break
            place.programs.run(
                *("pg_ctl", "stop", "-w", "-s", "-m", manner, "-t", str(STOP_SECONDS), "-D", place.cluster),
                account=place.account,
            )
        if (alive := self._postmaster()) is not None:
            raise EmbeddedServerError(f"PostgreSQL (process {alive}) does not stop: see {self.log}.")
        with suppress(OSError):
            place.sockets.rmdir()

    def _sql(self, statement: str, *, database: str = ADMINISTRATOR) -> tuple[str, str]:
        """What psql printed, and its error. As oneself, root included: the socket knows no passwords."""
        place = self._place
        answer = place.programs.run(
            *("psql", "-X", "-A", "-t", "-q", "-w", "-h", place.sockets, "-p", "5432"),
            *("-U", ADMINISTRATOR, "-d", database, "-c", statement),
            account=place.account,
        )
        return answer.stdout.strip(), answer.stderr.strip() if answer.returncode else ""

    def _failure(self, what: str, said: str) -> EmbeddedServerError:
        # A full disk keeps even the log from saying so.
        if NO_ROOM in said or shutil.disk_usage(self._place.home).free < NEEDED_BYTES:
            return EmbeddedServerError(f"{what}: no room is left on the disk of {self._place.home}.")
        return EmbeddedServerError(f"{what}: {_last_line(said)}")


def _last_line(text: str) -> str:
    """PostgreSQL's own reason where it gave one, else its last words."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    reasons = [line for line in lines if "FATAL" in line or "error:" in line.lower()]
    return (reasons or lines or ["it gave no reason"])[-1]

"""The demo, from the first check to the last process stopped."""

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from guichet.embedded.programs import locate
from guichet.running import ports, settings_file
from guichet.running.children import Child, Children
from guichet.running.commands import Commands, of_guichet
from guichet.running.database import Database, EmbeddedDatabase, database
from guichet.running.environment import ROOT
from guichet.running.interruption import Interruption, StopAskedError
from guichet.running.obstacles import NO_ROOM, CannotGoOnError, full, report, require_room, tail, told_plainly
from guichet.running.options import Options
from guichet.running.screen import Screen

SETTINGS_MODULE = "guichet.config.settings.demo"
FIRST_MEGABYTES, LATER_MEGABYTES = 300, 50
WAKE_SECONDS = 60.0
ENDING_SECONDS = 5.0


def main(options: Options, *, root: Path = ROOT, commands: Commands | None = None) -> int:
    """The exit code: 0 after Ctrl-C, 1 after a sentence on what stands in the way."""
    interruption, screen = Interruption(), Screen()
    try:
        with told_plainly():
            Demo(root, options, commands or of_guichet(options.port), interruption, screen).run()
    except StopAskedError:
        screen.say("Stopped.")
        return 0
    except CannotGoOnError as error:
        report(error)
        return 1
    return 0


class Demo:
    def __init__(
        self, root: Path, options: Options, commands: Commands, interruption: Interruption, screen: Screen
    ) -> None:
        self._root = root
        self._options = options
        self._commands = commands
        self._interruption = interruption
        self._screen = screen
        self._folder = root / "var" / "demo"
        self._logs = self._folder / "logs"
        self._settings = self._folder / "settings.env"
        self._children = Children(self._folder / "processes.json", self._logs)
        self._database: Database = database(self._folder / "postgresql", os.environ.get("DATABASE_URL"))

    @property
    def _address(self) -> str:
        return f"http://localhost:{self._options.port}"

    def run(self) -> None:
        """Returns never: raises StopAskedError or CannotGoOnError, and nothing that it started is left."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._close_to_others()
        with self._alone():
            self._clear_the_way()
            try:
                environment = self._start_database()
                self._prepare(environment)
                self._start_processes(environment)
                self._watch()
            finally:
                self._stop()

    def _close_to_others(self) -> None:
        """Root's PostgreSQL runs as another user, who passes through the folder and reads nothing in it."""
        with suppress(PermissionError):
            self._folder.chmod(0o711 if os.geteuid() == 0 else 0o750)
        os.umask(0o027)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One demo per folder. The system lets go of the lock however this process ends."""
        with (self._folder / "lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                lock.seek(0)
                place = lock.read().strip() or "another terminal"
                raise CannotGoOnError(
                    f"The demo of this folder already runs at {place}: use it, or stop it with Ctrl-C there."
                ) from error
            lock.truncate(0)
            lock.write(self._address)
            lock.flush()
            yield

    def _clear_the_way(self) -> None:
        stopped = self._children.stop_leftovers()
        if self._stop_embedded():
            stopped.append("PostgreSQL")
        if stopped:
            self._screen.say(f"Stopped what an earlier start had left running: {', '.join(stopped)}.")
        ports.require_free(self._options.port, patience=ENDING_SECONDS if stopped else 0.0)
        if self._options.fresh:
            self._database.wipe()
            for path in self._folder.iterdir():
                if path.name != "lock":
                    _remove(path)
        self._logs.mkdir(exist_ok=True)
        require_room(self._folder, LATER_MEGABYTES if self._settings.exists() else FIRST_MEGABYTES)

    def _stop_embedded(self) -> bool:
        """Also where DATABASE_URL takes its place today."""
        folder = self._folder / "postgresql"
        return folder.exists() and EmbeddedDatabase(folder).stop()

    def _start_database(self) -> dict[str, str]:
        with self._screen.step("Starting PostgreSQL"):
            address = self._database.start()
        if self._database.notice:
            self._screen.say(self._database.notice)
        self._interruption.heed()
        kept = settings_file.read(self._settings)
        settings = {
            "DJANGO_SETTINGS_MODULE": SETTINGS_MODULE,
            "DATABASE_URL": address,
            **settings_file.with_keys(kept),
            "GUICHET_PORT": str(self._options.port),
            "GUICHET_PG_DUMP": str(locate(18).path("pg_dump")),
        }
        settings_file.write(self._settings, settings)
        return {**os.environ, **settings, "PYTHONUNBUFFERED": "1"}

    def _prepare(self, environment: dict[str, str]) -> None:
        log = self._logs / "prepare.log"
        with self._screen.step("Preparing the caisses"):
            code = self._foreground(
                "prepare", self._commands.prepare, environment, lambda line: self._screen.say(f"    {line}")
            )
            if code:
                raise self._failure("The caisses could not be prepared", log)

    def _start_processes(self, environment: dict[str, str]) -> None:
        with self._screen.step("Starting web and worker"):
            for name, command in (("web", self._commands.web), ("worker", self._commands.worker)):
                self._children.start(name, command, cwd=self._root, environment=environment)
            lines: list[str] = []
            log = self._logs / "accounts.log"
            if self._foreground("accounts", self._commands.accounts, environment, lines.append):
                raise self._failure("The people of the demo could not be listed", log)
            self._wait_for_front_door()
        self._screen.say()
        self._screen.say(f"Guichet runs at {self._address}")
        for line in lines:
            self._screen.say(line)
        self._screen.say()
        self._screen.say("Ctrl-C stops it and keeps its data; bin/demo --fresh starts over.")

    def _wait_for_front_door(self) -> None:
        deadline = time.monotonic() + WAKE_SECONDS
        while not ports.answers(self._options.port):
            self._require_living()
            if time.monotonic() > deadline:
                raise self._failure(
                    f"The front door does not open at {self._address}", self._logs / "web.log"
                )
            self._interruption.wait(0.1)

    def _watch(self) -> None:
        while True:
            self._interruption.wait(0.5)
            self._require_living()

    def _require_living(self) -> None:
        if not self._database.is_alive():
            raise CannotGoOnError("PostgreSQL has stopped by itself.", log=self._database.log)
        child = self._children.dead()
        if child is not None:
            raise self._death(child)

    def _death(self, child: Child) -> CannotGoOnError:
        if child.name == "web" and "in use" in "".join(tail(child.log)):
            return CannotGoOnError(ports.busy(self._options.port))
        return self._failure(f"The process {child.name} has stopped by itself", child.log)

    def _failure(self, what: str, log: Path) -> CannotGoOnError:
        """Whoever asked for a stop is told nothing of the processes that it broke off."""
        self._interruption.heed()
        if NO_ROOM in "".join(tail(log)):
            return CannotGoOnError(full(self._folder))
        return CannotGoOnError(f"{what}: see {log}.", log=log)

    def _foreground(
        self, name: str, command: Sequence[str], environment: dict[str, str], heard: Callable[[str], None]
    ) -> int:
        """Runs it to its end, each line of its output heard at once, its errors kept in the log."""
        with (self._logs / f"{name}.log").open("w") as errors:
            process = subprocess.Popen(
                command,
                cwd=self._root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                errors="replace",
                start_new_session=True,
            )
        with process, self._children.noted(name, process.pid), self._interruption.ends(process):
            for line in process.stdout or ():
                heard(line.rstrip())
        self._interruption.heed()
        return process.returncode

    def _stop(self) -> None:
        self._children.stop()
        self._database.stop()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()

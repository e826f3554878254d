"""The processes of the demo, written down as they start, so that a start killed outright leaves no orphan."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from guichet.embedded import processes

STOP_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path


class Children:
    def __init__(self, record: Path, logs: Path) -> None:
        self._record = record
        self._logs = logs
        self._children: list[Child] = []
        self._passing: list[tuple[str, int]] = []

    def stop_leftovers(self) -> list[str]:
        """The names of those that an earlier start left alive. A stranger under a known number is let be."""
        stopped = [
            name for name, pid, born in _read(self._record) if processes.end(pid, born, patience=STOP_SECONDS)
        ]
        self._record.unlink(missing_ok=True)
        return stopped

    def start(self, name: str, command: Sequence[str], *, cwd: Path, environment: Mapping[str, str]) -> None:
        log = self._logs / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._children.append(Child(name=name, process=process, log=log))
        self._write()

    @contextmanager
    def noted(self, name: str, pid: int) -> Iterator[None]:
        """For a process that the caller waits for: written down like the others meanwhile."""
        self._passing.append((name, pid))
        self._write()
        try:
            yield
        finally:
            self._passing.remove((name, pid))
            self._write()

    def dead(self) -> Child | None:
        return next((child for child in self._children if child.process.poll() is not None), None)

    def stop(self) -> None:
        """Asked all at once, waited for together, then made to."""
        for child in self._children:
            if child.process.poll() is None:
                child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for child in self._children:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
            # Its number stays that of its group while a member lives, so that this reaches no stranger.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
        self._children.clear()
        self._record.unlink(missing_ok=True)

    def _write(self) -> None:
        entries = [
            (name, pid, processes.identity(pid))
            for name, pid in [*((child.name, child.process.pid) for child in self._children), *self._passing]
        ]
        partial = self._record.with_suffix(".partial")
        partial.write_text(json.dumps(entries))
        partial.replace(self._record)


def _read(record: Path) -> list[tuple[str, int, str]]:
    """Nothing from a file that is absent or that no start of ours wrote."""
    try:
        entries = json.loads(record.read_text())
        return [(str(name), int(pid), str(born)) for name, pid, born in entries]
    except (OSError, ValueError, TypeError):
        return []

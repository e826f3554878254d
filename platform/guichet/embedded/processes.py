"""Who a process is. A number alone says nothing: the system gives it to a stranger once its owner is dead."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
STATE, STARTED = 0, 19  # fields 3 and 22 of /proc/PID/stat, counted after the command's closing bracket


def identity(pid: int) -> str | None:
    """A text that no other process ever has: the moment of its birth. None once it is dead, or a zombie."""
    if not (PROC / "self" / "stat").exists():
        return _ps(pid, "lstart") if _ps(pid, "state")[:1] not in ("", "Z") else None
    try:
        fields = (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    if fields[STATE] in "ZX":
        return None
    return f"{_boot()}:{fields[STARTED]}"


def command(pid: int) -> str:
    """Its command line, empty once it is dead."""
    if not (PROC / "self" / "stat").exists():
        return _ps(pid, "command")
    with suppress(OSError):
        words = (PROC / str(pid) / "cmdline").read_bytes()
        return words.replace(b"\0", b" ").decode(errors="surrogateescape")
    return ""


def end(pid: int, born: str, *, patience: float) -> bool:
    """Asks it and its group to stop, then makes them. False when that process was no longer there."""
    if identity(pid) != born:
        return False
    for number, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 5.0)):
        _signal(pid, number)
        deadline = time.monotonic() + seconds
        while identity(pid) == born and time.monotonic() < deadline:
            time.sleep(0.02)
        if identity(pid) != born:
            break
    return True


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if os.getpgid(pid) == pid:
            os.killpg(pid, number)
        else:
            os.kill(pid, number)


def _boot() -> str:
    with suppress(OSError):
        return (PROC / "sys" / "kernel" / "random" / "boot_id").read_text().strip()
    return ""


def _ps(pid: int, column: str) -> str:
    answer = subprocess.run(
        ["/bin/ps", "-o", f"{column}=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()

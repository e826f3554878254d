"""What a process holds in memory, as Linux tells it."""

import re
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
_KB = r"^{}:\s+(\d+) kB$"


class NoSuchProcessError(RuntimeError):
    """It has ended, or is somebody else's."""


@dataclass(frozen=True, slots=True)
class Resident:
    """In MB. `rss` counts a page that several processes share whole, `pss` its share of it; None where not told."""

    rss: float
    pss: float | None


def is_told() -> bool:
    return (PROC / "self" / "status").exists()


def resident(pid: int) -> Resident:
    """Raises NoSuchProcessError."""
    folder = PROC / str(pid)
    try:
        rss = megabytes((folder / "status").read_text(), "VmRSS")
    except OSError as error:
        raise NoSuchProcessError(f"nothing is told of process {pid}") from error
    if rss is None:
        raise NoSuchProcessError(f"process {pid} has ended")
    try:
        pss = megabytes((folder / "smaps_rollup").read_text(), "Pss")
    except OSError:
        pss = None
    return Resident(rss=rss, pss=pss)


def megabytes(told: str, name: str) -> float | None:
    """The line of that name, which is in units of 1024 bytes."""
    found = re.search(_KB.format(name), told, re.MULTILINE)
    return int(found[1]) / 1024 if found else None


def children(pid: int) -> list[int]:
    found = []
    for status in PROC.glob("[0-9]*/stat"):
        try:
            # After the command's closing bracket: the state, then the parent.
            parent = int(status.read_text(errors="replace").rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            found.append(int(status.parent.name))
    return sorted(found)

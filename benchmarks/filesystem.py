"""How fast the file system makes files: a schema is a hundred of them.

ext4 does not take the inode of a deleted file again for a minute or more, and looks at each of them before it
takes another: after thousands of deletions, another run's server for instance, a file takes twenty times as long.
"""

import os
import time
from pathlib import Path

FILES = 200
# A file is made in some 20 µs, and in 300 to 700 while deleted ones are in the way.
USUAL = 50e-6
PATIENCE = 180
PAUSE = 5


def settle(folder: Path) -> bool:
    """True as soon as files are made there at the usual speed; False when they still are not."""
    deadline = time.monotonic() + PATIENCE
    while (slow := seconds_per_file(folder) > USUAL) and time.monotonic() < deadline:
        time.sleep(PAUSE)
    return not slow


def seconds_per_file(folder: Path) -> float:
    """The files stay until the folder goes: deleting them would slow down what follows."""
    stem = f"probe-{time.monotonic_ns()}"
    began = time.perf_counter()
    for number in range(FILES):
        os.close(os.open(folder / f"{stem}-{number}", os.O_CREAT | os.O_WRONLY))
    return (time.perf_counter() - began) / FILES

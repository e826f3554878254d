"""Which user PostgreSQL runs as: oneself, or another one when oneself is root, whom PostgreSQL refuses."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

UNPRIVILEGED = ("nobody", "daemon")


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    uid: int
    gid: int
    borrowed: bool


def account_for(cluster: Path) -> Account:
    """For root, the owner of the data, if any: `sudo` does not take them away from their owner."""
    if os.geteuid() != 0:
        return Account(name=_name(os.geteuid()), uid=os.geteuid(), gid=os.getegid(), borrowed=False)
    if cluster.exists() and cluster.stat().st_uid != 0:
        state = cluster.stat()
        return Account(name=_name(state.st_uid), uid=state.st_uid, gid=state.st_gid, borrowed=True)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid > 0:
            return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid, borrowed=True)
    return Account(name="65534", uid=65534, gid=65534, borrowed=True)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)

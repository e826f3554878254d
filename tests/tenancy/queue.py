"""The queue as its owner reads it: a caisse may not."""

from dataclasses import dataclass
from typing import Any

from tenants.provisioning.connections import as_migrator, become_owner


@dataclass(frozen=True, slots=True)
class Row:
    """One job that was committed."""

    task: str
    args: dict[str, Any]
    lock: str | None
    queueing_lock: str | None
    status: str
    attempts: int
    priority: int


def jobs() -> list[Row]:
    """Every job, oldest first."""
    with as_migrator() as connection:
        become_owner(connection)
        rows = connection.execute(
            "SELECT task_name, args, lock, queueing_lock, status::text, attempts, priority"
            " FROM procrastinate_jobs ORDER BY id"
        )
        return [Row(*row) for row in rows]


def forget_jobs() -> None:
    with as_migrator() as connection:
        become_owner(connection)
        connection.execute("DELETE FROM procrastinate_jobs")

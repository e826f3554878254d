"""What a schema holds, counted: two schemas made in two ways must hold the same."""

from typing import Any

import psycopg

COUNTS = {
    "relations": "SELECT count(*) FROM pg_class WHERE relnamespace = %s::regnamespace",
    "constraints": "SELECT count(*) FROM pg_constraint WHERE connamespace = %s::regnamespace",
    "columns": "SELECT count(*) FROM information_schema.columns WHERE table_schema = %s",
}


def objects_of(connection: "psycopg.Connection[Any]", *, schema: str) -> dict[str, int]:
    """Needs a role that may see all of it."""
    found = {}
    for name, query in COUNTS.items():
        row = connection.execute(query, [schema]).fetchone()
        found[name] = int(row[0]) if row else 0
    return found

"""What PostgreSQL itself says of roles and rights."""

from typing import Any

import psycopg

from tenants.provisioning.connections import address, as_administrator
from tenants.selectors import caisses_with_schema


def asked(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Rows that the administrator reads."""
    with as_administrator() as connection:
        return connection.execute(statement, list(values)).fetchall()


def logged_in(login: str) -> "psycopg.Connection[Any]":
    """A connection as that login, before it becomes anyone else."""
    return psycopg.connect(address(login=login), autocommit=True)


def schemas() -> list[str]:
    return [caisse.schema_name for caisse in caisses_with_schema()]

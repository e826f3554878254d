"""Connections apart from Django's: the administrator's, the migrator's, the worker's."""

from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql
from psycopg.conninfo import make_conninfo

from guichet.tenancy.roles import RoleNames, login_password

CONNECT_SECONDS = 10


def database_name() -> str:
    """The database in use: a test's when a test runs."""
    return str(settings.DATABASES["default"]["NAME"])


def role_names() -> RoleNames:
    return RoleNames.of_database(database_name())


def address(*, login: str | None = None) -> str:
    """A libpq connection string; as the administrator when no login is named."""
    parts = settings.ADMINISTRATOR
    user, password = parts.get("USER"), parts.get("PASSWORD")
    if login is not None:
        user, password = login, login_password(key=settings.DATABASE_KEY, login=login)
    words = {
        "host": parts.get("HOST"),
        "port": parts.get("PORT"),
        "user": user,
        "password": password,
        "dbname": database_name(),
        "connect_timeout": CONNECT_SECONDS,
    }
    # What follows the question mark of DATABASE_URL: a socket's folder, sslmode.
    return make_conninfo(
        "", **{**{key: value for key, value in words.items() if value}, **parts.get("OPTIONS", {})}
    )


class ServerUnreachableError(RuntimeError):
    """PostgreSQL does not answer at DATABASE_URL, or refuses the login."""


def as_administrator() -> "psycopg.Connection[Any]":
    """May create roles; used to bootstrap a database, and by nothing that runs for people.

    Raises ServerUnreachableError.
    """
    return _connected(address())


def as_migrator() -> "psycopg.Connection[Any]":
    """May create and change schemas and their roles. Its statements run as itself until `become_owner`.

    Raises ServerUnreachableError, also before the first deploy.
    """
    return _connected(address(login=role_names().migrator))


def _connected(conninfo: str) -> "psycopg.Connection[Any]":
    try:
        return psycopg.connect(conninfo)
    except psycopg.OperationalError as error:
        raise ServerUnreachableError(" ".join(str(error).split())) from error


def become_owner(connection: "psycopg.Connection[Any]") -> None:
    """For the rest of the transaction: what is made belongs to the owner."""
    connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role_names().owner)))

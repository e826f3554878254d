"""The names of the database roles, and the passwords of those that log in.

Roles belong to the whole PostgreSQL cluster: each name carries a prefix made from the
database's name, so that two platforms on one cluster do not meet.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from guichet.kernel.sealing import Keyring

PUBLIC = "public"
# `pg_` belongs to PostgreSQL; 39 characters leave room for the prefix in 63 bytes.
SCHEMA_NAME = re.compile(r"(?!pg_)[a-z][a-z0-9_]{0,38}", re.ASCII)


TAKEN = (PUBLIC, "information_schema")
# What the schemas begin with from which caisses are made.
BLUEPRINT = "zz_"


class SchemaNameRefusedError(ValueError):
    """The name could not be a schema of ours."""


def checked_schema(name: str) -> str:
    """The name itself when it may be a schema's. Raises SchemaNameRefusedError."""
    if not SCHEMA_NAME.fullmatch(name):
        raise SchemaNameRefusedError(
            f"{name!r} is not a schema name: small letters, digits and _, 39 at most"
        )
    return name


def checked_caisse(name: str) -> str:
    """The name itself when a caisse may have it: neither the shared schema nor a blueprint is made or dropped as one.

    Raises SchemaNameRefusedError.
    """
    if checked_schema(name) in TAKEN or name.startswith(BLUEPRINT):
        raise SchemaNameRefusedError(f"{name!r} is not the schema of a caisse")
    return name


def quoted(name: str) -> str:
    """A checked schema name as an SQL identifier."""
    return f'"{checked_schema(name)}"'


@dataclass(frozen=True, slots=True)
class RoleNames:
    """The roles of one database. Only app, migrator and worker log in."""

    prefix: str

    @classmethod
    def of_database(cls, name: str) -> "RoleNames":
        return _names_of(str(name))

    @property
    def owner(self) -> str:
        """Owns every schema, table and function."""
        return f"{self.prefix}_owner"

    @property
    def migrator(self) -> str:
        """Logs in to create roles and schemas and to migrate; the web never does."""
        return f"{self.prefix}_migrator"

    @property
    def app(self) -> str:
        """Logs in for web and worker; may do nothing by itself, only become a schema's role."""
        return f"{self.prefix}_app"

    @property
    def public(self) -> str:
        """Reads the table of caisses and of domains."""
        return f"{self.prefix}_public"

    @property
    def tenant(self) -> str:
        """Group of all schema roles: may enqueue its own jobs, reads no shared table."""
        return f"{self.prefix}_tenant"

    @property
    def queue(self) -> str:
        """Reads and writes the job tables."""
        return f"{self.prefix}_queue"

    @property
    def worker(self) -> str:
        """Logs in to fetch jobs, as `queue`."""
        return f"{self.prefix}_worker"

    @property
    def schema_role_start(self) -> str:
        return f"{self.prefix}_t_"

    def of_schema(self, schema: str) -> str:
        """The role under which statements of this schema run. Raises SchemaNameRefusedError."""
        if schema == PUBLIC:
            return self.public
        return f"{self.schema_role_start}{checked_schema(schema)}"


@lru_cache(maxsize=32)
def _names_of(database: str) -> RoleNames:
    readable = re.sub(r"[^a-z0-9]", "", database.lower())[:8] or "db"
    return RoleNames(prefix=f"g{readable}_{hashlib.sha256(database.encode()).hexdigest()[:6]}")


def login_password(*, key: bytes, login: str) -> str:
    """The password of a role that logs in, derived so that no list of passwords is kept."""
    return Keyring(master=key, holder="database").digest(login, purpose="login")

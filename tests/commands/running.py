"""Run a command of `manage.py` as a person does, and look at what the database holds before and after."""

from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command
from psycopg import sql

from tenants.provisioning.connections import as_administrator

CAISSES = Path(__file__).resolve().parent.parent / "caisses"
GAMMA = """products = ["pawn_loans"]

[caisse]
schema_name = "gamma"
name = "Caisse Gamma"
town = "Gamma"
domains = ["gamma.localhost", "www.gamma.example.org"]

[identifier]
kind = "digits"
min_length = 8
max_length = 8

[second_factor]
methods = ["sms"]

[senders]
mail_from_name = "Caisse Gamma"
mail_address = "ne-pas-repondre@gamma.example.org"
sms_sender = "GAMMA"

[brand]
theme = "clear"
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command said; `refused` is None when it succeeded."""

    said: str
    refused: str | None

    @property
    def first_line(self) -> str:
        return (self.refused or "").splitlines()[0]


def run(*words: str | Path) -> Ran:
    out = StringIO()
    try:
        call_command(*map(str, words), stdout=out, stderr=out)
    except CommandError as refused:
        return Ran(out.getvalue(), str(refused))
    return Ran(out.getvalue(), None)


def caisse(*words: str | Path) -> Ran:
    return run("caisse", *words)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def everything() -> dict[str, Any]:
    """Rows of caisses and domains, published versions and secrets, schemas and roles: all that `caisse` may touch."""
    with as_administrator() as database:
        schemas = [name for (name,) in database.execute("SELECT nspname FROM pg_namespace ORDER BY 1")]
        found: dict[str, Any] = {
            "schemas": schemas,
            "roles": database.execute("SELECT rolname FROM pg_roles ORDER BY 1").fetchall(),
            "caisses": database.execute("SELECT * FROM tenants_caisse ORDER BY id").fetchall(),
            "domains": database.execute("SELECT * FROM tenants_domain ORDER BY id").fetchall(),
        }
        tenants = database.execute("SELECT schema_name FROM tenants_caisse WHERE kind <> 'front' ORDER BY 1")
        for (schema,) in tenants.fetchall():
            for table in ("policy_policyversion", "policy_caissesecret"):
                rows = sql.SQL("SELECT * FROM {} ORDER BY id").format(sql.Identifier(schema, table))
                found[f"{schema}.{table}"] = database.execute(rows).fetchall()
    return found

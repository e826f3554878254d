"""Invented caisses in `public`, rows only, and what an operator sees of them."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client as Browser
from psycopg.types.json import Jsonb

from guichet.kernel.names import folded
from tenants.provisioning.connections import as_migrator, become_owner

FACTS: dict[str, Any] = {
    "version": 3,
    "published_at": "2026-10-21T12:00:00+00:00",
    "body": "mutual",
    "theme": "mutual",
    "identifier": "nir",
    "secret": "pin",
    "second_factor": ["sms", "totp"],
    "second_factor_required": True,
    "products": ["pawn_loans", "savings"],
    "unserved": ["products.savings", "activation.asked_by_client.yes"],
}
FIGURES: dict[str, Any] = {
    "clients": 1240,
    "clients_seen": 310,
    "clients_locked": 5,
    "messages_lost": 7,
    "last_sign_in": "2026-10-21T12:30:00+00:00",
}
FINDING = {
    "level": "error",
    "label": "law",
    "rule": "rts-idle",
    "source": "règlement délégué (UE) 2018/389, art. 4(3)(d)",
    "path": "session.idle",
    "message": "un compte est accessible : réduisez l’inactivité",
}
VERSIONS = [
    {"number": 3, "author": "Odile", "reason": "plus strict", "at": "2026-10-21T12:00:00+00:00"},
    {"number": 2, "author": "Basile", "reason": "essai <b>gras</b>", "at": "2026-10-20T12:00:00+00:00"},
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """A row of a caisse, and its report; `age` None: it never reported."""

    schema: str
    town: str = "Lune"
    name: str = "Caisse"
    state: str = "active"
    hosts: tuple[str, ...] = ()
    version: int = 3
    age: timedelta | None = timedelta(minutes=5)
    lag: int | None = 2
    errors: int = 1
    warnings: int = 0
    facts: dict[str, Any] = field(default_factory=lambda: FACTS)
    figures: dict[str, Any] = field(default_factory=lambda: FIGURES)


def add(*caisses: Invented) -> None:
    """Committed, as their owner writes them."""
    with as_migrator() as owner:
        become_owner(owner)
        for each in caisses:
            row = owner.execute(
                "INSERT INTO tenants_caisse (uuid, schema_name, name, town, folded_name, kind, state, listed,"
                " policy_version, placement, created_at)"
                " VALUES (gen_random_uuid(), %s, %s, %s, %s, 'caisse', %s, true, %s, 'main', now()) RETURNING id",
                [
                    each.schema,
                    each.name,
                    each.town,
                    folded(f"{each.town} {each.name}"),
                    each.state,
                    each.version,
                ],
            ).fetchone()
            assert row is not None
            for position, host in enumerate(each.hosts or (f"{each.schema}.example.org",)):
                owner.execute(
                    "INSERT INTO tenants_domain (domain, tenant_id, is_primary) VALUES (%s, %s, %s)",
                    [host, row[0], position == 0],
                )
            if each.age is not None:
                values = [Jsonb(value) for value in (each.facts, each.figures, [FINDING], VERSIONS)]
                owner.execute(
                    "INSERT INTO tenants_caissereport (caisse_id, as_of, lag_seconds, errors, warnings, facts,"
                    " figures, findings, versions) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                    [row[0], datetime.now(UTC) - each.age, each.lag, each.errors, each.warnings, *values],
                )


def many(count: int, **values: Any) -> list[Invented]:
    return [Invented(schema=f"x{number:03}", town=f"Ville {number:03}", **values) for number in range(count)]


def page(operator: Browser, address: str = "/") -> str:
    """Its text, on one line."""
    answer = operator.get(address)
    assert answer.status_code == 200, answer
    return re.sub(r"[ \n]+", " ", answer.content.decode())


def rows(said: str) -> list[str]:
    """The rows of the first table, without its heading."""
    _, _, table = said.partition("<tbody>")
    return table.partition("</tbody>")[0].split("</tr>")[:-1]

"""Who can sign in to the demo, and how."""

import tomllib
from pathlib import Path
from typing import Any

from django.conf import settings

from tenant_apps.demo.people import demo_people
from tenant_apps.identity.access import STAFF_SIGN_IN

SIGN_IN = {"client": "/connexion/", "operator": "/connexion/", "staff": STAFF_SIGN_IN}


def demo_accounts() -> list[dict[str, Any]]:
    """One row a person: caisse, host, addresses, identifier, secret. Reads files only, no database."""
    return [
        {
            "caisse": person.caisse,
            "host": host_of(person.caisse),
            "sign_in": address_of(
                person.caisse, "/agence/connexion/" if person.kind == "staff" else "/connexion/"
            ),
            "mailbox": address_of(person.caisse, "/demo/messages/"),
            "kind": person.kind,
            "name": person.name,
            "identifier": person.identifier,
            "secret": person.secret,
            "totp_key": person.totp_key,
            "enrolled": person.enrolled,
            "story": person.story,
        }
        for person in demo_people()
    ]


def host_of(caisse: str) -> str:
    """The first domain of the caisse's file."""
    path = Path(settings.FIXTURES) / "caisses" / f"{caisse}.toml"
    host: str = tomllib.loads(path.read_text(encoding="utf-8"))["caisse"]["domains"][0]
    return host


def address_of(caisse: str, path: str) -> str:
    return f"http://{host_of(caisse)}:{settings.DEMO_PORT}{path}"

"""The invented people of the demo, read from fixtures/people/*.toml."""

import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One account of the demo, its secret in clear."""

    caisse: str
    kind: str
    identifier: str
    secret: str
    first_name: str
    last_name: str
    mobile: str
    # Empty `secret`: the first connection is awaited, and what it needs is on the mailbox page.
    # The key of an application that is linked already; its codes are on the mailbox page.
    totp_key: str = ""
    # False: the second factor is chosen at the first sign-in.
    enrolled: bool = True
    # False, for who has no secret: a client of before, who asks for the first connection. Nothing is sent until then.
    invited: bool = True
    title: str = "none"
    number: str = ""
    birth_date: date | None = None
    email: str = ""
    language: str = "fr"
    postal_lines: list[str] = field(default_factory=list)
    postcode: str = ""
    town: str = ""
    story: str = ""
    contracts: list[dict[str, Any]] = field(default_factory=list)
    # What each is for, and in how many days it is to be at the earliest: the first free hour from then on.
    appointments: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_client(self) -> bool:
        return self.kind == "client"

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


def demo_people() -> list[Person]:
    """All of them, by caisse, in the order of their files."""
    found: list[Person] = []
    for path in sorted((Path(settings.FIXTURES) / "people").glob("*.toml")):
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["people"]
        found.extend(Person(caisse=path.stem, **entry) for entry in entries)
    return found

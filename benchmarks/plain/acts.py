"""What the plain project can be asked for."""

from collections.abc import Mapping
from datetime import datetime

from django.core.management import call_command

from benchmarks.client import last_code, load_client
from benchmarks.plain.site import enter, publish
from benchmarks.visitor import Visitor, sign_in

visitor = Visitor()


def build(*, now: str) -> None:
    """Django's own migrate, and the same client. Static files are those that Guichet's side has collected."""
    enter()
    call_command("migrate", interactive=False, verbosity=0)
    publish()
    load_client(now=datetime.fromisoformat(now))


def sign_in_there() -> dict[str, str]:
    enter()
    return sign_in(read_code=last_code)


def arrive(*, cookies: Mapping[str, str]) -> None:
    enter()
    visitor.arrive(cookies=cookies)


ACTS = {
    "build": build,
    "sign_in": sign_in_there,
    "arrive": arrive,
    "visit": visitor.visit,
    "statements": visitor.statements,
    "page": visitor.page,
}

"""What the plain project can be asked for."""

from django.core.management import call_command
from django.utils import timezone

from benchmarks.client import CAISSE, load_client
from benchmarks.plain.site import enter, publish
from benchmarks.visitor import Visitor

visitor = Visitor(host=f"{CAISSE}.localhost")


def build() -> None:
    """Django's own migrate, and the same client. Static files are those that Guichet's side has collected."""
    enter()
    call_command("migrate", interactive=False, verbosity=0)
    publish()
    load_client(now=timezone.now())


def sign_in() -> None:
    enter()
    visitor.sign_in()


ACTS = {
    "build": build,
    "sign_in": sign_in,
    "visit": visitor.visit,
    "statements": visitor.statements,
    "page": visitor.page,
}

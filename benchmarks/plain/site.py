"""The one caisse, made once: a constant of the process, as a project for one site would have it."""

import uuid
from collections.abc import Callable

from django.db import connections
from django.http import HttpRequest, HttpResponse

from benchmarks.people import CAISSE
from benchmarks.plain.the_file import FILE
from tenants.models import Caisse, Kind
from tenants.policy.models import PolicyVersion
from tenants.policy.reading import read_caisse_files
from tenants.policy.stored import document_digest

NUMBER = 1
_said = read_caisse_files([FILE])[0]
SITE = Caisse(
    uuid=uuid.UUID(int=1),
    schema_name=CAISSE,
    name=_said.policy.caisse.name,
    town=_said.policy.caisse.town,
    kind=Kind.CAISSE,
    policy_version=NUMBER,
)


def enter() -> None:
    """What the applications ask of the connection: two attributes of it, and nothing that is sent."""
    vars(connections["default"]).update(schema_name=SITE.schema_name, tenant=SITE)


def publish() -> None:
    """The caisse's policy, from the same file."""
    document = dict(_said.overrides)
    PolicyVersion.objects.create(
        number=NUMBER,
        document=document,
        digest=document_digest(document),
        author="bin/bench",
        reason="mesure",
    )


class SiteMiddleware:
    """What the views and templates read of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.tenant = SITE  # type: ignore[attr-defined]  # read as `request.tenant` everywhere
        return self.get_response(request)

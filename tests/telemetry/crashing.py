"""Two caisses in which a page and a job crash, in a process of its own; prints what would have left for Sentry.

Apart, since Sentry's SDK changes Django for as long as the process lives.
"""

import json
import logging
import sys
from io import BytesIO
from typing import Any
from uuid import UUID
from wsgiref.util import setup_testing_defaults

from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from guichet.config.wsgi import application
from guichet.telemetry.failures import watch
from guichet.tenancy.connection import connection
from guichet.tenancy.enqueue import enqueue

# Put together here: a report holds the lines of the source round a failure, and may.
ANNE = "ereiviR ennA"[::-1]
BODY = f"identifier=1000000001&secret={ANNE.replace(' ', '+')}".encode()
TOLD = f"{ANNE.replace(' ', '.')}@example.org called from 06 39 98 12 34"
UUID_ASKED = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
left: list[Envelope] = []


class Kept(Transport):
    def capture_envelope(self, envelope: Envelope) -> None:
        left.append(envelope)


@csrf_exempt
def crash(request: HttpRequest, uuid: UUID) -> HttpResponse:
    secret = request.POST["secret"]
    logging.getLogger("guichet.test").warning("%s of %s", TOLD, request.path)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::text, '{ANNE}'", [secret])
    raise RuntimeError(f"{TOLD}: {len(secret)}")


@csrf_exempt
def complain(request: HttpRequest, uuid: UUID) -> HttpResponse:
    logging.getLogger("guichet.test").error(
        "%s of %s", TOLD, request.path, extra={"client": ANNE, "request": request}
    )
    return HttpResponse()


urlpatterns = [path("contrats/<uuid:uuid>/", crash), path("journal/<uuid:uuid>/", complain)]
handler500 = "guichet.web.errors.server_error"


def ask(host: str, address: str, body: bytes = BODY) -> None:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": address,
        "QUERY_STRING": f"next={ANNE}",
        "HTTP_HOST": host,
        "HTTP_COOKIE": f"guichet_session={ANNE}; guichet_known={ANNE}",
        "HTTP_AUTHORIZATION": f"Bearer {ANNE}",
        "HTTP_X_FORWARDED_FOR": "203.0.113.7",
        "HTTP_USER_AGENT": f"Telephone of {ANNE}",
        "HTTP_REFERER": f"https://alpha.example.org/{ANNE}/",
        "REMOTE_ADDR": "203.0.113.7",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    setup_testing_defaults(environ)
    answer = application(environ, lambda *_: None)
    b"".join(answer)
    answer.close()  # type: ignore[attr-defined]  # Django's responses have it


def main() -> None:
    from django.conf import settings  # noqa: PLC0415  # the application above has made them ready
    from django_tenants.utils import tenant_context  # noqa: PLC0415  # as above

    from tenants.selectors import caisse_of_schema  # noqa: PLC0415  # as above

    settings.URL_TREES = {**settings.URL_TREES, "caisse": __name__}
    watch(
        dsn="https://key@sentry.example.org/1",
        environment="essai",
        release="guichet@essai",
        sample_rate=1.0,
        transport=Kept,
    )
    for schema in ("alpha", "beta"):
        ask(f"{schema}.localhost", f"/contrats/{UUID_ASKED}/")
    ask("alpha.localhost", f"/journal/{UUID_ASKED}/")
    # Anybody may send too much: it must not leave.
    ask("alpha.localhost", f"/contrats/{UUID_ASKED}/", b"a=&" * 2000)
    ask("alpha.localhost", f"/contrats/{UUID_ASKED}/", b"secret=" + b"a" * 3 * 1024 * 1024)
    for schema in ("alpha", "beta"):
        with tenant_context(caisse_of_schema(schema=schema)):
            enqueue("messaging.deliver", message=TOLD)
    call_command("worker", "--once", stdout=sys.stderr)
    json.dump([item.payload.json for envelope in left for item in envelope.items], sys.stdout)


if __name__ == "__main__":
    main()

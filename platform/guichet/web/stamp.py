"""A session says which caisse it belongs to, and is worth nothing elsewhere."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from guichet.tenancy.connection import connection
from guichet.web.caisse_only import at_front_door

STAMP = "guichet_caisse"
log = logging.getLogger("guichet.security")


class SessionStampMiddleware:
    """Sessions live in the caisse's own schema already; this holds when a store would be shared."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if at_front_door(request):
            return self.get_response(request)
        session, schema = request.session, connection.schema_name
        stamp = session.get(STAMP)
        # Reading it has emptied the session of an unknown key: what is left here was opened by a known one.
        if stamp != schema and not session.is_empty():
            log.warning("a session of another caisse was shown, and dropped")
            session.flush()
        response = self.get_response(request)
        if session.modified and not session.is_empty():
            session[STAMP] = schema
        return response

"""The words of a log record, without the people whom libraries put into them."""

import logging
import re

from django.http import HttpRequest

from guichet.kernel.scrubbing import scrub

# Where no address of ours was asked for.
NOWHERE = "-"
# procrastinate writes a job with its arguments, and with what it gave back.
_CALL = re.compile(r"(?P<job>[\w.]+\[\w+\])\(.*\)", re.DOTALL)
_RESULT = re.compile(r" - Result: .*", re.DOTALL)
# A server writes the address that was asked for, as it came.
_ASKED = re.compile(r"(?P<kept>Error handling request(?: [A-Z]+)? )\S+")


def route_of(request: HttpRequest) -> str:
    """The pattern of the address, such as `/contrats/<uuid:uuid>/`, never the address itself."""
    match = request.resolver_match
    return f"/{match.route}" if match else NOWHERE


def words_of(record: logging.LogRecord, text: str) -> str:
    """Its message, already put together, without arguments of jobs, addresses of pages, or who somebody is."""
    request = getattr(record, "request", None)
    if record.name.startswith("procrastinate"):
        text = _RESULT.sub("", _CALL.sub(r"\g<job>", text))
    elif record.name.startswith("gunicorn"):
        text = _ASKED.sub(rf"\g<kept>{NOWHERE}", text)
    elif isinstance(request, HttpRequest):
        text = _without_address(text, request)
    return scrub(text).strip()


def _without_address(text: str, request: HttpRequest) -> str:
    """Django ends its sentences about a request with the path, escaped."""
    for path in (request.path, request.path.encode("unicode_escape").decode("ascii")):
        if text.endswith(path):
            return text.removesuffix(path) + route_of(request)
    return text

"""What gunicorn runs."""

import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

# What Guichet writes is for its own user and group.
os.umask(0o027)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guichet.config.settings.production")
try:
    _django = get_wsgi_application()
except ImproperlyConfigured as refused:
    sys.exit(f"Guichet does not start: {refused}")


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Guichet stands at the root of its hosts: a prefix can only have been made up by who sent the request."""
    environ["SCRIPT_NAME"] = ""
    return _django(environ, start_response)

"""What gunicorn runs."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guichet.config.settings.production")
try:
    application = get_wsgi_application()
except ImproperlyConfigured as refused:
    sys.exit(f"Guichet does not start: {refused}")

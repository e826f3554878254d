"""The tests: the demo's applications, cheap hashes, files in a folder of their own."""

import base64
import os
from pathlib import Path

os.environ.setdefault("DATABASE_URL", "postgres://postgres@localhost/guichet")
os.environ.setdefault("GUICHET_SECRET_KEY", "test-only-" + "".join(chr(97 + i * 7 % 26) for i in range(60)))
for name in ("GUICHET_MASTER_KEY", "GUICHET_DATABASE_KEY"):
    os.environ.setdefault(name, base64.b64encode(bytes(range(32))).decode())

from guichet.config.settings.demo import *  # noqa: E402, F403  # settings are one flat namespace, read after the keys

PASSWORD_HASHERS = ["tests.hashers.CheapHasher"]
STATIC_ROOT = Path(os.environ.get("GUICHET_TEST_STATIC", "var/test-static"))
STORAGES = {
    "default": {"BACKEND": "guichet.tenancy.files.TenantStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True

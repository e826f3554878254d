"""Static files, the same for every caisse; files of a caisse, each in its own folder."""

from pathlib import Path

from guichet.config.settings.environment import ROOT, env

# What Guichet writes, all of it.
VAR = Path(env.str("GUICHET_VAR", default=str(ROOT / "var")))
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "guichet.tenancy.files.TenantStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR / "files"
# For Guichet's own user and group, whatever the process that starts it lets others read.
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750
FILE_UPLOAD_HANDLERS = ["guichet.web.uploads.BoundedUploadHandler"]
WHITENOISE_MAX_AGE = 3600

"""Static files, the same for every caisse; files of a caisse, each in its own folder."""

from guichet.config.settings.environment import ROOT

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "var" / "static"
STORAGES = {
    "default": {"BACKEND": "guichet.tenancy.files.TenantStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = ROOT / "var" / "files"
WHITENOISE_MAX_AGE = 3600

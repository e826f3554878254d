"""As the plain project, with what Django's sign-in comes with, and the cheapest hash that it has."""

from benchmarks.hashless.settings import PASSWORD_HASHERS as CHEAPEST
from benchmarks.plain.settings import *  # noqa: F403  # settings are one flat namespace
from benchmarks.plain.settings import URL_TREES

PASSWORD_HASHERS = CHEAPEST
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
ROOT_URLCONF = "benchmarks.stock.urls"
URL_TREES = {**URL_TREES, "caisse": ROOT_URLCONF}

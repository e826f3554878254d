"""As Guichet's side, with the cheapest hash that Django has."""

from benchmarks.ours.settings import *  # noqa: F403  # settings are one flat namespace

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

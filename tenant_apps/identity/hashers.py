"""How secrets are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id, 19 MiB, two passes, one lane (OWASP's second setting)."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

"""A hash that costs nothing, for tests that are not about hashing."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapHasher(Argon2PasswordHasher):
    """Argon2id at its smallest: the code path is the real one."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1

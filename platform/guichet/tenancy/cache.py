"""Cache keys that carry the schema."""

from guichet.tenancy.connection import connection


def make_key(key: str, key_prefix: str, version: int) -> str:
    """KEY_FUNCTION of every cache: the same key in two caisses is two entries."""
    return f"{connection.schema_name}:{key_prefix}:{version}:{key}"

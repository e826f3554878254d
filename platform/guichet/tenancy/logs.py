"""Log lines that say which caisse they are about."""

import logging

from guichet.tenancy.connection import connection


class TenantFilter(logging.Filter):
    """Adds `schema` to each record that does not say it itself; never opens a connection."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "schema"):
            record.schema = connection.schema_name
        return True

"""While the master key is being replaced: accounts and counters come under the index that the new key makes.

An account and its counter always move together, so that who looks one up by the other finds it. The counter of an
identifier that nobody has moves as well: it would otherwise start anew, and tell what nobody may know.
"""

from django.db import transaction

from guichet.kernel.sealing import every_index
from guichet.tenancy.connection import connection
from tenant_apps.identity.models import TryCounter, User

_ACCOUNT = TryCounter.Scope.ACCOUNT.value
_COUNTERS, _USERS = TryCounter._meta.db_table, User._meta.db_table
# Two rows meet when processes with different keys counted at once: the stricter of both holds. They are locked in one
# order, so that two such processes do not wait for one another.
_MOVE = f"""
WITH named AS (UPDATE {_USERS} SET login_index = %(new)s WHERE login_index = ANY(%(older)s)),
found AS (
    SELECT id FROM {_COUNTERS} WHERE scope = '{_ACCOUNT}' AND key = ANY(%(every)s) ORDER BY key FOR UPDATE
),
old AS (
    DELETE FROM {_COUNTERS} c USING found WHERE c.id = found.id AND c.key <> %(new)s RETURNING c.*
)
INSERT INTO {_COUNTERS} AS c (scope, key, failures, last_at, locked_until, agency_only, day, day_total)
SELECT '{_ACCOUNT}', %(new)s, max(failures), max(last_at), max(locked_until), bool_or(agency_only), max(day),
    max(day_total)
FROM old HAVING count(*) > 0
ON CONFLICT (scope, key) DO UPDATE SET failures = greatest(c.failures, excluded.failures),
    last_at = greatest(c.last_at, excluded.last_at), locked_until = greatest(c.locked_until, excluded.locked_until),
    agency_only = c.agency_only OR excluded.agency_only, day = greatest(c.day, excluded.day),
    day_total = greatest(c.day_total, excluded.day_total)
"""  # noqa: S608  # names of tables, and marks


def bring_under_new_key(*, index: str) -> None:
    """Nothing while there is one key; else one statement, for somebody and for nobody."""
    newest, *older = every_index(index)
    if not older:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_MOVE, {"new": newest, "older": older, "every": [newest, *older]})

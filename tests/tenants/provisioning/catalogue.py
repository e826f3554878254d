"""All that PostgreSQL knows of a schema, written so that two schemas can be compared."""

import re
from typing import Any

import psycopg
from psycopg import sql

Facts = dict[str, list[tuple[Any, ...]]]

# Object numbers are drawn; what they lead to is in the definitions.
QUERIES = {
    "relations": (
        "SELECT relname, relkind::text, relpersistence::text, relrowsecurity, relreplident::text, reloptions::text,"
        " relowner::regrole::text, relacl::text FROM pg_class WHERE relnamespace = %(schema)s::regnamespace"
    ),
    "columns": (
        "SELECT c.relname, row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname,"
        " format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity::text, a.attgenerated::text,"
        " a.attcollation::regcollation::text, a.attstorage::text, a.attacl::text, pg_get_expr(d.adbin, d.adrelid)"
        " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
        " WHERE c.relnamespace = %(schema)s::regnamespace AND a.attnum > 0 AND NOT a.attisdropped"
    ),
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = %(schema)s",
    "constraints": (
        "SELECT conrelid::regclass::text, conname, contype::text, condeferrable, condeferred, convalidated,"
        " pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = %(schema)s::regnamespace"
    ),
    "sequences": (
        "SELECT s.sequencename, s.data_type::text, s.start_value, s.min_value, s.max_value, s.increment_by, s.cycle,"
        " s.cache_size, s.last_value, d.refobjid::regclass::text, d.deptype::text, d.refobjsubid"
        " FROM pg_sequences s JOIN pg_depend d ON d.objid = format('%%I.%%I', s.schemaname, s.sequencename)::regclass"
        " AND d.refclassid = 'pg_class'::regclass WHERE s.schemaname = %(schema)s"
    ),
    "functions": (
        "SELECT oid::regprocedure::text, pg_get_functiondef(oid), proacl::text FROM pg_proc"
        " WHERE pronamespace = %(schema)s::regnamespace"
    ),
    "triggers": (
        "SELECT pg_get_triggerdef(t.oid), t.tgenabled::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE c.relnamespace = %(schema)s::regnamespace AND NOT t.tgisinternal"
    ),
    "types": "SELECT typname, typtype::text, typacl::text FROM pg_type WHERE typnamespace = %(schema)s::regnamespace",
    "default rights": (
        "SELECT defaclrole::regrole::text, defaclobjtype::text, defaclacl::text FROM pg_default_acl"
        " WHERE defaclnamespace = %(schema)s::regnamespace"
    ),
    "rights on the schema": (
        "SELECT nspowner::regrole::text, nspacl::text FROM pg_namespace WHERE nspname = %(schema)s"
    ),
    "comments": (
        "SELECT c.relname, d.objsubid, d.description FROM pg_description d JOIN pg_class c ON c.oid = d.objoid"
        " WHERE c.relnamespace = %(schema)s::regnamespace"
    ),
}
ROLE = (
    "SELECT rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolbypassrls,"
    " (SELECT array_agg(ROW(roleid::regrole, member::regrole, inherit_option, set_option, admin_option)::text"
    " ORDER BY 1)::text FROM pg_auth_members WHERE r.oid IN (roleid, member)) FROM pg_roles r WHERE rolname = %(role)s"
)
# When a migration ran is its own matter.
MOMENTS = {"django_migrations": "applied"}


def facts_of(connection: "psycopg.Connection[Any]", *, schema: str, role: str) -> Facts:
    """Every fact, sorted, with the schema's own name written `<schema>`."""
    found = {
        name: connection.execute(query.encode(), {"schema": schema}).fetchall()
        for name, query in QUERIES.items()
    }
    found["role"] = connection.execute(ROLE.encode(), {"role": role}).fetchall()
    for (table,) in connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema]
    ).fetchall():
        found[f"rows of {table}"] = _rows(connection, schema, table)
    own_name = re.compile(rf"(?<![a-z0-9]){schema}(?![a-z0-9])")
    return {
        name: sorted((tuple(_anonymous(value, own_name) for value in row) for row in rows), key=repr)
        for name, rows in found.items()
    }


def _rows(connection: "psycopg.Connection[Any]", schema: str, table: str) -> list[tuple[Any, ...]]:
    query = sql.SQL("SELECT to_jsonb(t) - %s FROM {} t").format(sql.Identifier(schema, table))
    return [(repr(row),) for (row,) in connection.execute(query, [MOMENTS.get(table, "")]).fetchall()]


def _anonymous(value: Any, own_name: "re.Pattern[str]") -> Any:
    return own_name.sub("<schema>", value) if isinstance(value, str) else value

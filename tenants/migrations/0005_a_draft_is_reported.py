"""A report may say that a draft of the policy waits: who saved it, when, and from which version it was written.

Nothing of what it holds leaves the caisse. The function of 0003 with one part more, which may be missing: a worker of
the release before goes on reporting.
"""

from importlib import import_module

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from guichet.tenancy.connection import connection
from guichet.tenancy.roles import PUBLIC, RoleNames

before = import_module("tenants.migrations.0003_what_a_caisse_reports")

CHANGES = (
    ("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
    ("FROM jsonb_object_keys(said) k)", "FROM jsonb_object_keys(said) k WHERE k <> 'draft')"),
    (
        "    END;\n    IF wrong",
        """        WHEN coalesce(jsonb_typeof(said->'draft'), 'null') <> 'null' AND NOT CASE
            WHEN jsonb_typeof(said->'draft') <> 'object' THEN false ELSE
                (SELECT array_agg(k ORDER BY k COLLATE "C") FROM jsonb_object_keys(said->'draft') k) =
                    ARRAY['at', 'author', 'written_from']
                AND jsonb_typeof(said->'draft'->'written_from') = 'number'
                AND said->'draft'->>'written_from' ~ '{number}'
                AND jsonb_typeof(said->'draft'->'author') = 'string'
                AND length(said->'draft'->>'author') <= 120
                AND jsonb_typeof(said->'draft'->'at') = 'string'
                AND said->'draft'->>'at' ~ '{moment}' END THEN 'draft'
    END;
    IF wrong""",
    ),
    (
        "        said->'facts', said->'figures'",
        """        said->'facts' || CASE WHEN coalesce(jsonb_typeof(said->'draft'), 'null') = 'null' THEN '{{}}'::jsonb
            ELSE jsonb_build_object('draft', said->'draft') END, said->'figures'""",
    ),
)


def replace(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """In `public` alone, as 0003 does. Its grants stay."""
    if connection.schema_name != PUBLIC:
        return
    report = before.REPORT
    for old, new in CHANGES:
        if report.count(old) != 1:
            raise ValueError(f"not once in the function of 0003: {old}")
        report = report.replace(old, new)
    start = RoleNames.of_database(schema_editor.connection.settings_dict["NAME"]).schema_role_start
    words = {name.lower(): getattr(before, name) for name in ("LARGEST", "WORD", "NUMBER", "MOMENT")}
    most = {f"most_{name.lower()}": getattr(before, f"MOST_{name}") for name in _LIMITED}
    schema_editor.execute(report.format(start=start, skip=len(start) + 1, **words, **most))


_LIMITED = ("FIGURES", "FACTS", "WORDS", "FINDINGS", "VERSIONS")


class Migration(migrations.Migration):
    dependencies = [("tenants", "0004_front_door_colour")]

    operations = [migrations.RunPython(replace, migrations.RunPython.noop)]

"""What each caisse says of itself to the GIE, and the one function that writes it, for the caller's caisse only.

It runs with its owner's rights; the setting `role` still names the caller inside it. Nothing but counts, moments, words
of the policy's vocabulary, findings and signed versions has a place in a report: anything else is refused whole.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from guichet.kernel.names import folded
from guichet.tenancy.connection import connection
from guichet.tenancy.roles import PUBLIC, RoleNames

LARGEST = 256 * 1024
MOST_FIGURES, MOST_FACTS, MOST_WORDS, MOST_FINDINGS, MOST_VERSIONS = 60, 40, 60, 100, 100
WORD = r"^[a-z][a-z0-9_.-]{0,79}$"
NUMBER = r"^[0-9]{1,9}$"
MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?[+]00:00$"

# A CASE looks at its conditions in their order: each may rely on those before it.
REPORT = """
CREATE FUNCTION guichet_caisse_report(said jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    caller text := current_setting('role');
    wrong text;
BEGIN
    IF NOT starts_with(caller, '{start}') THEN
        RAISE insufficient_privilege USING MESSAGE = 'no caisse is set';
    END IF;
    wrong := CASE
        WHEN jsonb_typeof(said) IS DISTINCT FROM 'object' THEN 'it is no object'
        WHEN octet_length(said::text) > {largest} THEN 'it is too large'
        WHEN (SELECT array_agg(k ORDER BY k COLLATE "C") FROM jsonb_object_keys(said) k) IS DISTINCT FROM
            ARRAY['facts', 'figures', 'findings', 'lag', 'versions'] THEN 'it has other parts'
        WHEN jsonb_typeof(said->'lag') NOT IN ('number', 'null') OR said->>'lag' !~ '{number}' THEN 'lag'
        WHEN jsonb_typeof(said->'figures') <> 'object' THEN 'figures'
        WHEN (SELECT count(*) FROM jsonb_each(said->'figures')) > {most_figures} OR EXISTS (
            SELECT FROM jsonb_each(said->'figures') f WHERE f.key !~ '{word}' OR NOT CASE jsonb_typeof(f.value)
                WHEN 'null' THEN true
                WHEN 'number' THEN f.value::text ~ '{number}'
                WHEN 'string' THEN f.value #>> '{{}}' ~ '{moment}'
                ELSE false END) THEN 'figures'
        WHEN jsonb_typeof(said->'facts') <> 'object' THEN 'facts'
        WHEN (SELECT count(*) FROM jsonb_each(said->'facts')) > {most_facts} OR EXISTS (
            SELECT FROM jsonb_each(said->'facts') f WHERE f.key !~ '{word}' OR NOT CASE jsonb_typeof(f.value)
                WHEN 'boolean' THEN true
                WHEN 'number' THEN f.value::text ~ '{number}'
                WHEN 'string' THEN f.value #>> '{{}}' ~ '{word}' OR f.value #>> '{{}}' ~ '{moment}'
                WHEN 'array' THEN jsonb_array_length(f.value) <= {most_words} AND NOT EXISTS (
                    SELECT FROM jsonb_array_elements(f.value) e
                    WHERE jsonb_typeof(e) <> 'string' OR e #>> '{{}}' !~ '{word}')
                ELSE false END) THEN 'facts'
        WHEN jsonb_typeof(said->'findings') <> 'array' THEN 'findings'
        WHEN jsonb_array_length(said->'findings') > {most_findings} OR EXISTS (
            SELECT FROM jsonb_array_elements(said->'findings') e WHERE NOT CASE WHEN jsonb_typeof(e) <> 'object'
                THEN false ELSE
                (SELECT array_agg(k ORDER BY k COLLATE "C") FROM jsonb_object_keys(e) k) =
                    ARRAY['label', 'level', 'message', 'path', 'rule', 'source']
                AND NOT EXISTS (SELECT FROM jsonb_each(e) f WHERE jsonb_typeof(f.value) <> 'string')
                AND e->>'level' IN ('error', 'warning') AND e->>'label' IN ('law', 'standard', 'house')
                AND e->>'rule' ~ '{word}' AND e->>'path' ~ '{word}'
                AND length(e->>'source') <= 400 AND length(e->>'message') <= 4000 END) THEN 'findings'
        WHEN jsonb_typeof(said->'versions') <> 'array' THEN 'versions'
        WHEN jsonb_array_length(said->'versions') > {most_versions} OR EXISTS (
            SELECT FROM jsonb_array_elements(said->'versions') e WHERE NOT CASE WHEN jsonb_typeof(e) <> 'object'
                THEN false ELSE
                (SELECT array_agg(k ORDER BY k COLLATE "C") FROM jsonb_object_keys(e) k) =
                    ARRAY['at', 'author', 'number', 'reason']
                AND jsonb_typeof(e->'number') = 'number' AND e->>'number' ~ '{number}'
                AND jsonb_typeof(e->'author') = 'string' AND length(e->>'author') <= 120
                AND jsonb_typeof(e->'reason') = 'string' AND length(e->>'reason') <= 400
                AND jsonb_typeof(e->'at') = 'string' AND e->>'at' ~ '{moment}' END) THEN 'versions'
    END;
    IF wrong IS NOT NULL THEN
        RAISE invalid_parameter_value USING MESSAGE = 'not a report: ' || wrong;
    END IF;
    INSERT INTO tenants_caissereport
        (caisse_id, as_of, lag_seconds, errors, warnings, facts, figures, findings, versions)
    SELECT c.id, now(), (said->>'lag')::integer,
        (SELECT count(*) FROM jsonb_array_elements(said->'findings') e WHERE e->>'level' = 'error'),
        (SELECT count(*) FROM jsonb_array_elements(said->'findings') e WHERE e->>'level' = 'warning'),
        said->'facts', said->'figures', said->'findings', said->'versions'
    FROM tenants_caisse c WHERE c.schema_name = substr(caller, {skip})
    -- Two jobs at once: what was counted last stays.
    ON CONFLICT (caisse_id) DO UPDATE SET as_of = excluded.as_of, lag_seconds = excluded.lag_seconds,
        errors = excluded.errors, warnings = excluded.warnings, facts = excluded.facts,
        figures = excluded.figures, findings = excluded.findings, versions = excluded.versions
    WHERE tenants_caissereport.as_of <= excluded.as_of;
END $$
"""


def guard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """In `public` alone: the router keeps it from the schemas of the caisses, which record the migration too."""
    if connection.schema_name != PUBLIC:
        return
    start = RoleNames.of_database(schema_editor.connection.settings_dict["NAME"]).schema_role_start
    words = {
        "start": start,
        "skip": len(start) + 1,
        "largest": LARGEST,
        "most_figures": MOST_FIGURES,
        "most_facts": MOST_FACTS,
        "most_words": MOST_WORDS,
        "most_findings": MOST_FINDINGS,
        "most_versions": MOST_VERSIONS,
        "word": WORD,
        "number": NUMBER,
        "moment": MOMENT,
    }
    schema_editor.execute(REPORT.format(**words))
    schema_editor.execute("REVOKE ALL ON FUNCTION guichet_caisse_report(jsonb) FROM PUBLIC")


def fold(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The caisses that are there already."""
    rows = apps.get_model("tenants", "Caisse").objects.all()
    for pk, town, name in rows.values_list("pk", "town", "name"):
        rows.filter(pk=pk).update(folded_name=folded(f"{town} {name}"))


class Migration(migrations.Migration):
    dependencies = [("tenants", "0002_guarded_functions")]

    operations = [
        migrations.AddField(
            model_name="caisse",
            name="folded_name",
            field=models.CharField(default="", max_length=210),
            preserve_default=False,
        ),
        migrations.RunPython(fold, migrations.RunPython.noop),
        migrations.CreateModel(
            name="CaisseReport",
            fields=[
                (
                    "caisse",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="report",
                        serialize=False,
                        to="tenants.caisse",
                    ),
                ),
                ("as_of", models.DateTimeField()),
                ("lag_seconds", models.PositiveIntegerField(null=True)),
                ("errors", models.PositiveIntegerField()),
                ("warnings", models.PositiveIntegerField()),
                ("facts", models.JSONField()),
                ("figures", models.JSONField()),
                ("findings", models.JSONField()),
                ("versions", models.JSONField()),
            ],
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]

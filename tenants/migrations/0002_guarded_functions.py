"""The two functions of `public` that a caisse's role may call: each serves the caller's caisse only.

Both run with their owner's rights; the setting `role` still names the caller inside them.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from guichet.tenancy.connection import connection
from guichet.tenancy.roles import PUBLIC, RoleNames

MOST_AT_ONCE = 100

# procrastinate's own function would insert any job for any caisse; a caisse reads no job table at all.
DEFER = """
CREATE FUNCTION procrastinate_defer_jobs_v1(jobs procrastinate_job_to_defer_v1[]) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    caller text := current_setting('role');
    caisse text;
    job procrastinate_job_to_defer_v1;
BEGIN
    IF starts_with(caller, '{start}') THEN
        caisse := substr(caller, {skip});
        IF cardinality(jobs) > {most} THEN
            RAISE insufficient_privilege USING MESSAGE = 'too many jobs at once';
        END IF;
        FOREACH job IN ARRAY jobs LOOP
            IF job.args->>'tenant' IS DISTINCT FROM caisse OR job.priority > 0
               OR NOT coalesce(starts_with(job.lock, caisse || ':'), true)
               OR NOT coalesce(starts_with(job.queueing_lock, caisse || ':'), true) THEN
                RAISE insufficient_privilege USING MESSAGE = 'job of another caisse';
            END IF;
        END LOOP;
    ELSIF caller NOT IN ('{queue}', '{owner}') THEN
        RAISE insufficient_privilege USING MESSAGE = 'no caisse is set';
    END IF;
    RETURN procrastinate_defer_jobs_v1_raw(jobs);
END $$
"""

PUBLISHED = """
CREATE FUNCTION guichet_policy_published(version integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    caller text := current_setting('role');
BEGIN
    IF NOT starts_with(caller, '{start}') THEN
        RAISE insufficient_privilege USING MESSAGE = 'no caisse is set';
    END IF;
    UPDATE tenants_caisse SET policy_version = version
    WHERE schema_name = substr(caller, {skip}) AND policy_version = version - 1;
    IF NOT FOUND THEN
        RAISE serialization_failure USING MESSAGE = 'another version was published meanwhile';
    END IF;
END $$
"""


def guard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    names = RoleNames.of_database(schema_editor.connection.settings_dict["NAME"])
    start = names.schema_role_start
    words = {
        "most": MOST_AT_ONCE,
        "start": start,
        "skip": len(start) + 1,
        "queue": names.queue,
        "owner": names.owner,
    }
    rename = "ALTER FUNCTION {0}(procrastinate_job_to_defer_v1[]) RENAME TO {0}_raw"
    for statement in (
        rename.format("procrastinate_defer_jobs_v1"),
        DEFER.format(**words),
        "REVOKE ALL ON FUNCTION procrastinate_defer_jobs_v1(procrastinate_job_to_defer_v1[]) FROM PUBLIC",
        PUBLISHED.format(**words),
        "REVOKE ALL ON FUNCTION guichet_policy_published(integer) FROM PUBLIC",
    ):
        schema_editor.execute(statement)


def only_public(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Every schema records this migration; the functions stand in `public` alone."""
    if connection.schema_name == PUBLIC:
        guard(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("tenants", "0001_initial"), ("procrastinate", "0041_post_retry_failed_job")]

    operations = [migrations.RunPython(only_public, migrations.RunPython.noop)]

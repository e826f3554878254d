from django.db import migrations

# Looked at when the transaction ends: the time beside the grace is the last that was given since the last prolongation,
# which ends it.
GIVEN = """
CREATE FUNCTION pawn_extra_time_is_given() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    contract bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    said record;
    given date;
BEGIN
    EXECUTE format('SELECT extra_until FROM %I.pawn_contract WHERE id = $1', TG_TABLE_SCHEMA) INTO said USING contract;
    EXECUTE format($q$SELECT until FROM %I.pawn_operation WHERE contract_id = $1 AND kind IN ('extra_time', 'prolonged')
        ORDER BY id DESC LIMIT 1$q$, TG_TABLE_SCHEMA) INTO given USING contract;
    IF said.extra_until IS DISTINCT FROM given THEN
        RAISE check_violation USING MESSAGE = format('contract %s: nobody gave time until %s', contract,
            coalesce(said.extra_until::text, 'nothing'));
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER pawn_extra_time_is_given AFTER INSERT OR UPDATE OF extra_until ON pawn_contract
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pawn_extra_time_is_given('id');
CREATE CONSTRAINT TRIGGER pawn_extra_time_is_given AFTER INSERT ON pawn_operation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'extra_time' OR NEW.kind = 'prolonged')
    EXECUTE FUNCTION pawn_extra_time_is_given('contract_id')
"""

UNDO = """
DROP TRIGGER pawn_extra_time_is_given ON pawn_operation;
DROP TRIGGER pawn_extra_time_is_given ON pawn_contract;
DROP FUNCTION pawn_extra_time_is_given()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("pawn", "0008_objects_and_terms_are_kept"),
    ]

    operations = [
        migrations.RunSQL([GIVEN], UNDO),
    ]

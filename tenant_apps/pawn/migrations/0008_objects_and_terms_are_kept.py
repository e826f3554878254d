from django.db import migrations

# Objects of a contract that was signed stay with it; a mirrored one has no maximum on its objects, and goes as the
# caisse's system says.
KEPT = """
CREATE TRIGGER pawn_kept BEFORE DELETE ON pawn_pledgedobject FOR EACH ROW WHEN (OLD.most_lent IS NOT NULL)
    EXECUTE FUNCTION pawn_frozen()
"""

# Looked at when the transaction ends: the term is that of the last prolongation, or that which was signed.
AGREED = """
CREATE FUNCTION pawn_term_is_agreed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    contract bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    said record;
    agreed date;
BEGIN
    EXECUTE format('SELECT tariff_id, due_on, first_term FROM %I.pawn_contract WHERE id = $1', TG_TABLE_SCHEMA)
        INTO said USING contract;
    IF said.tariff_id IS NULL THEN
        RETURN NULL;
    END IF;
    EXECUTE format($q$SELECT term_after FROM %I.pawn_operation WHERE contract_id = $1 AND kind = 'prolonged'
        ORDER BY id DESC LIMIT 1$q$, TG_TABLE_SCHEMA) INTO agreed USING contract;
    IF said.due_on <> coalesce(agreed, said.first_term) THEN
        RAISE check_violation USING MESSAGE = format('contract %s: nobody agreed on the term %s', contract, said.due_on);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER pawn_term_is_agreed AFTER INSERT OR UPDATE OF due_on ON pawn_contract
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pawn_term_is_agreed('id');
CREATE CONSTRAINT TRIGGER pawn_term_is_agreed AFTER INSERT ON pawn_operation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'prolonged')
    EXECUTE FUNCTION pawn_term_is_agreed('contract_id')
"""

UNDO = """
DROP TRIGGER pawn_term_is_agreed ON pawn_operation;
DROP TRIGGER pawn_term_is_agreed ON pawn_contract;
DROP FUNCTION pawn_term_is_agreed();
DROP TRIGGER pawn_kept ON pawn_pledgedobject
"""


class Migration(migrations.Migration):
    dependencies = [
        ("pawn", "0007_means_and_papers"),
    ]

    operations = [
        migrations.RunSQL([KEPT, AGREED], UNDO),
    ]

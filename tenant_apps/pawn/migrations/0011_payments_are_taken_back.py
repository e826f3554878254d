import django.db.models.deletion
from django.db import migrations, models

# A redemption that is taken back leaves its contract where the calendar has it, or where its sale was announced.
WAYS = """
DROP TRIGGER pawn_legal_step ON pawn_contract;
CREATE TRIGGER pawn_legal_step BEFORE UPDATE OF state ON pawn_contract FOR EACH ROW WHEN (NEW.tariff_id IS NOT NULL)
    EXECUTE FUNCTION pawn_legal_step(
    'boni_available>boni_claimed boni_available>boni_lapsed boni_available>sold due>for_sale due>in_grace due>redeemed '
    'due>running for_sale>boni_available for_sale>due for_sale>in_grace for_sale>redeemed '
    'for_sale>running for_sale>sold in_grace>for_sale in_grace>redeemed in_grace>running redeemed>due '
    'redeemed>for_sale redeemed>in_grace redeemed>running running>due running>for_sale running>redeemed '
    'sold>boni_available')
"""
UNDO_WAYS = """
DROP TRIGGER pawn_legal_step ON pawn_contract;
CREATE TRIGGER pawn_legal_step BEFORE UPDATE OF state ON pawn_contract FOR EACH ROW WHEN (NEW.tariff_id IS NOT NULL)
    EXECUTE FUNCTION pawn_legal_step(
    'boni_available>boni_claimed boni_available>boni_lapsed boni_available>sold due>for_sale due>in_grace due>redeemed '
    'due>running for_sale>boni_available for_sale>due for_sale>in_grace for_sale>redeemed '
    'for_sale>running for_sale>sold in_grace>for_sale in_grace>redeemed in_grace>running running>due '
    'running>for_sale running>redeemed sold>boni_available')
"""

# As in 0008 and 0009: of what was not taken back.
_TERM = """
CREATE OR REPLACE FUNCTION pawn_term_is_agreed() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
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
    EXECUTE format($q$SELECT o.term_after FROM %1$I.pawn_operation o WHERE o.contract_id = $1
        AND o.kind = 'prolonged'{standing} ORDER BY o.id DESC LIMIT 1$q$, TG_TABLE_SCHEMA) INTO agreed USING contract;
    IF said.due_on <> coalesce(agreed, said.first_term) THEN
        RAISE check_violation USING MESSAGE = format('contract %s: nobody agreed on the term %s', contract, said.due_on);
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER pawn_term_is_agreed ON pawn_operation;
CREATE CONSTRAINT TRIGGER pawn_term_is_agreed AFTER INSERT ON pawn_operation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'prolonged'{or_taken})
    EXECUTE FUNCTION pawn_term_is_agreed('contract_id')
"""
_EXTRA = """
CREATE OR REPLACE FUNCTION pawn_extra_time_is_given() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    contract bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    said record;
    given date;
BEGIN
    EXECUTE format('SELECT extra_until FROM %I.pawn_contract WHERE id = $1', TG_TABLE_SCHEMA) INTO said USING contract;
    EXECUTE format($q$SELECT o.until FROM %1$I.pawn_operation o WHERE o.contract_id = $1
        AND o.kind IN ('extra_time', 'prolonged'){standing} ORDER BY o.id DESC LIMIT 1$q$, TG_TABLE_SCHEMA)
        INTO given USING contract;
    IF said.extra_until IS DISTINCT FROM given THEN
        RAISE check_violation USING MESSAGE = format('contract %s: nobody gave time until %s', contract,
            coalesce(said.extra_until::text, 'nothing'));
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER pawn_extra_time_is_given ON pawn_operation;
CREATE CONSTRAINT TRIGGER pawn_extra_time_is_given AFTER INSERT ON pawn_operation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'extra_time' OR NEW.kind = 'prolonged'{or_taken})
    EXECUTE FUNCTION pawn_extra_time_is_given('contract_id')
"""
_NOW = {
    "{standing}": """
        AND NOT EXISTS (SELECT FROM %1$I.pawn_operation t WHERE t.takes_back_id = o.id)""",
    "{or_taken}": " OR NEW.kind = 'taken_back'",
}


def _with(statement: str, said: dict[str, str]) -> str:
    for name, words in said.items():
        statement = statement.replace(name, words)
    return statement


AGREED, UNDO_AGREED = _with(_TERM, _NOW), _with(_TERM, dict.fromkeys(_NOW, ""))
GIVEN, UNDO_GIVEN = _with(_EXTRA, _NOW), _with(_EXTRA, dict.fromkeys(_NOW, ""))

# Looked at when the transaction ends: a taking back is of a payment of the same contract, part for part, and nothing
# that rests on that payment stands between them.
TAKEN = """
CREATE FUNCTION pawn_takes_back() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong text;
BEGIN
    EXECUTE format($q$SELECT CASE
        WHEN NOT EXISTS (SELECT FROM %1$I.pawn_operation p WHERE p.id = $1 AND p.contract_id = $2 AND p.id < $3
            AND p.kind IN ('prolonged', 'paid_down', 'redeemed')) THEN 'no payment of it'
        WHEN EXISTS (SELECT FROM %1$I.pawn_operationline l WHERE l.operation_id IN ($1, $3)
            GROUP BY l.part, l.act HAVING sum(l.amount) <> 0) THEN 'other parts'
        WHEN EXISTS (SELECT FROM %1$I.pawn_operation o WHERE o.contract_id = $2 AND o.id > $1 AND o.id < $3
            AND o.kind NOT IN ('blocked', 'unblocked', 'charged', 'waived', 'taken_back')
            AND NOT EXISTS (SELECT FROM %1$I.pawn_operation t WHERE t.takes_back_id = o.id)) THEN 'something followed'
        END$q$, TG_TABLE_SCHEMA) INTO wrong USING NEW.takes_back_id, NEW.contract_id, NEW.id;
    IF wrong IS NOT NULL THEN
        RAISE check_violation USING MESSAGE = format('operation %s cannot be taken back: %s', NEW.takes_back_id, wrong);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER pawn_takes_back AFTER INSERT ON pawn_operation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.takes_back_id IS NOT NULL) EXECUTE FUNCTION pawn_takes_back()
"""
UNDO_TAKEN = """
DROP TRIGGER pawn_takes_back ON pawn_operation;
DROP FUNCTION pawn_takes_back()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("pawn", "0010_sales_are_corrected"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="operation",
            name="paid_capital_is_not_negative",
        ),
        migrations.RemoveConstraint(
            model_name="operation",
            name="operation_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="operation",
            name="a_payment_is_not_negative",
        ),
        migrations.AddField(
            model_name="operation",
            name="sale_requested",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="operation",
            name="sale_stopped",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="operation",
            name="takes_back",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="taken_back_by",
                to="pawn.operation",
            ),
        ),
        migrations.AlterField(
            model_name="operation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "OPENED"),
                    ("prolonged", "PROLONGED"),
                    ("paid_down", "PAID_DOWN"),
                    ("redeemed", "REDEEMED"),
                    ("handed_over", "HANDED_OVER"),
                    ("announced", "ANNOUNCED"),
                    ("withdrawn", "WITHDRAWN"),
                    ("sold", "SOLD"),
                    ("boni_paid", "BONI_PAID"),
                    ("boni_lapsed", "BONI_LAPSED"),
                    ("blocked", "BLOCKED"),
                    ("unblocked", "UNBLOCKED"),
                    ("charged", "CHARGED"),
                    ("extra_time", "EXTRA_TIME"),
                    ("waived", "WAIVED"),
                    ("sale_corrected", "SALE_CORRECTED"),
                    ("taken_back", "TAKEN_BACK"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "announced"),
                    ("kind", "blocked"),
                    ("kind", "boni_lapsed"),
                    ("kind", "boni_paid"),
                    ("kind", "charged"),
                    ("kind", "extra_time"),
                    ("kind", "handed_over"),
                    ("kind", "opened"),
                    ("kind", "paid_down"),
                    ("kind", "prolonged"),
                    ("kind", "redeemed"),
                    ("kind", "sale_corrected"),
                    ("kind", "sold"),
                    ("kind", "taken_back"),
                    ("kind", "unblocked"),
                    ("kind", "waived"),
                    ("kind", "withdrawn"),
                    _connector="OR",
                ),
                name="operation_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__lte", 0), ("capital__lte", 0), ("kind", "taken_back")),
                    ("kind", "sale_corrected"),
                    models.Q(models.Q(("kind", "taken_back"), _negated=True), ("amount__gte", 0)),
                    _connector="OR",
                ),
                name="a_payment_is_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.CheckConstraint(
                condition=models.Q(("capital__gte", 0), ("kind", "taken_back"), _connector="OR"),
                name="paid_capital_is_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "taken_back"), ("takes_back__isnull", False)),
                    models.Q(models.Q(("kind", "taken_back"), _negated=True), ("takes_back__isnull", True)),
                    _connector="OR",
                ),
                name="a_taking_back_names_a_payment",
            ),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "redeemed"), ("sale_stopped__isnull", True), _connector="OR"),
                name="a_redemption_stops_a_sale",
            ),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sale_stopped__isnull", False), ("sale_requested", False), _connector="OR"
                ),
                name="a_sale_that_was_stopped_was_requested",
            ),
        ),
        migrations.RunSQL([WAYS, AGREED, GIVEN, TAKEN], [UNDO_TAKEN, UNDO_GIVEN, UNDO_AGREED, UNDO_WAYS]),
    ]

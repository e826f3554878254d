from django.db import migrations, models

# A price that was mistyped brings a boni to light, or takes it away.
WAYS = """
DROP TRIGGER pawn_legal_step ON pawn_contract;
CREATE TRIGGER pawn_legal_step BEFORE UPDATE OF state ON pawn_contract FOR EACH ROW WHEN (NEW.tariff_id IS NOT NULL)
    EXECUTE FUNCTION pawn_legal_step(
    'boni_available>boni_claimed boni_available>boni_lapsed boni_available>sold due>for_sale due>in_grace due>redeemed '
    'due>running for_sale>boni_available for_sale>due for_sale>in_grace for_sale>redeemed '
    'for_sale>running for_sale>sold in_grace>for_sale in_grace>redeemed in_grace>running running>due '
    'running>for_sale running>redeemed sold>boni_available')
"""

# Of a sale, what the price decides is corrected. The price is what its operations add up to, when the transaction ends.
SALE = """
CREATE TRIGGER pawn_frozen BEFORE UPDATE ON pawn_sale FOR EACH ROW WHEN (
    OLD.contract_id IS DISTINCT FROM NEW.contract_id
    OR OLD.operation_id IS DISTINCT FROM NEW.operation_id
    OR OLD.sold_on IS DISTINCT FROM NEW.sold_on
    OR OLD.owed IS DISTINCT FROM NEW.owed
    OR OLD.costs IS DISTINCT FROM NEW.costs
    OR OLD.lapses_on IS DISTINCT FROM NEW.lapses_on
) EXECUTE FUNCTION pawn_frozen();
CREATE FUNCTION pawn_sale_adds_up() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    contract bigint := (to_jsonb(NEW) ->> 'contract_id')::bigint;
    price numeric;
    said numeric;
BEGIN
    EXECUTE format('SELECT hammer_price FROM %I.pawn_sale WHERE contract_id = $1', TG_TABLE_SCHEMA)
        INTO price USING contract;
    EXECUTE format($q$SELECT sum(amount) FROM %I.pawn_operation
        WHERE contract_id = $1 AND kind IN ('sold', 'sale_corrected')$q$, TG_TABLE_SCHEMA) INTO said USING contract;
    IF price IS DISTINCT FROM said THEN
        RAISE check_violation USING MESSAGE = format('contract %s: sold for %s, and its operations say %s', contract,
            price, said);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER pawn_sale_adds_up AFTER INSERT OR UPDATE ON pawn_sale
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pawn_sale_adds_up();
CREATE CONSTRAINT TRIGGER pawn_sale_adds_up AFTER INSERT ON pawn_operation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'sale_corrected')
    EXECUTE FUNCTION pawn_sale_adds_up()
"""

UNDO_SALE = """
DROP TRIGGER pawn_sale_adds_up ON pawn_operation;
DROP TRIGGER pawn_sale_adds_up ON pawn_sale;
DROP FUNCTION pawn_sale_adds_up();
DROP TRIGGER pawn_frozen ON pawn_sale
"""
UNDO_WAYS = """
DROP TRIGGER pawn_legal_step ON pawn_contract;
CREATE TRIGGER pawn_legal_step BEFORE UPDATE OF state ON pawn_contract FOR EACH ROW WHEN (NEW.tariff_id IS NOT NULL)
    EXECUTE FUNCTION pawn_legal_step(
    'boni_available>boni_claimed boni_available>boni_lapsed due>for_sale due>in_grace due>redeemed '
    'due>running for_sale>boni_available for_sale>due for_sale>in_grace for_sale>redeemed '
    'for_sale>running for_sale>sold in_grace>for_sale in_grace>redeemed in_grace>running running>due '
    'running>for_sale running>redeemed')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("pawn", "0009_extra_time_is_given"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="operation",
            name="a_payment_is_not_negative",
        ),
        migrations.RemoveConstraint(
            model_name="operation",
            name="operation_kind_known",
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
                condition=models.Q(("amount__gte", 0), ("kind", "sale_corrected"), _connector="OR"),
                name="a_payment_is_not_negative",
            ),
        ),
        migrations.RunSQL([WAYS, SALE], [UNDO_SALE, UNDO_WAYS]),
    ]

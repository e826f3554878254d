from django.db import migrations

# The sum of a line becomes smaller only as it leaves what it was asked or held in; what it loses has to stand on another
# line of the payment when the transaction ends (`payments_captured_is_placed`).
PARTED = """
CREATE FUNCTION payments_line_is_parted() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.amount > OLD.amount OR OLD.state NOT IN ('asked', 'held') OR NEW.state IN ('asked', 'held', 'dropped') THEN
        RAISE check_violation USING MESSAGE = format(
            '%s.amount: what was asked or charged is never rewritten', TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER payments_frozen ON payments_paymentline;
CREATE TRIGGER payments_frozen BEFORE UPDATE ON payments_paymentline FOR EACH ROW EXECUTE FUNCTION
    payments_frozen('payment_id', 'kind', 'reference', 'act');
CREATE TRIGGER payments_line_is_parted BEFORE UPDATE OF amount ON payments_paymentline FOR EACH ROW
    WHEN (NEW.amount <> OLD.amount) EXECUTE FUNCTION payments_line_is_parted()
"""
UNDO = """
DROP TRIGGER payments_line_is_parted ON payments_paymentline;
DROP FUNCTION payments_line_is_parted();
DROP TRIGGER payments_frozen ON payments_paymentline;
CREATE TRIGGER payments_frozen BEFORE UPDATE ON payments_paymentline FOR EACH ROW EXECUTE FUNCTION
    payments_frozen('payment_id', 'kind', 'reference', 'act', 'amount')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0004_disputes_have_an_answer_date"),
    ]

    operations = [
        migrations.RunSQL(PARTED, UNDO),
    ]

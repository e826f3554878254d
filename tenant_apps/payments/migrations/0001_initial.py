import uuid

import django.db.models.deletion
from django.db import migrations, models

import guichet.tenancy.columns

# The ways of `domain.states`, which a test compares with these. What was asked and charged is never rewritten, and when
# a payment is captured its lines hold all of it: neither by a slip, nor by whoever speaks as the caisse.
LEGAL = """
CREATE FUNCTION payments_legal_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) <> ALL (string_to_array(TG_ARGV[0], ' ')) THEN
        RAISE check_violation USING MESSAGE = format('%s: no way from %s to %s', TG_TABLE_NAME, OLD.state, NEW.state);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_legal_step BEFORE UPDATE OF state ON payments_payment FOR EACH ROW EXECUTE FUNCTION
    payments_legal_step('abandoned>applied abandoned>paid created>abandoned created>applied created>paid created>refused created>waiting paid>applied refused>applied refused>paid waiting>abandoned waiting>applied waiting>paid waiting>refused');
CREATE TRIGGER payments_legal_step BEFORE UPDATE OF state ON payments_paymentline FOR EACH ROW EXECUTE FUNCTION
    payments_legal_step('asked>applied asked>dropped asked>held asked>refunding held>applied held>refunding refunded>held refunding>held refunding>refunded');
CREATE TRIGGER payments_legal_step BEFORE UPDATE OF state ON payments_refund FOR EACH ROW EXECUTE FUNCTION
    payments_legal_step('asked>done asked>failed asked>sent done>failed sent>done sent>failed')
"""

FROZEN = """
CREATE FUNCTION payments_frozen() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY TG_ARGV LOOP
        IF to_jsonb(OLD) ->> kept IS DISTINCT FROM to_jsonb(NEW) ->> kept THEN
            RAISE check_violation USING MESSAGE = format(
                '%s.%s: what was asked or charged is never rewritten', TG_TABLE_NAME, kept);
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_frozen BEFORE UPDATE ON payments_payment FOR EACH ROW EXECUTE FUNCTION
    payments_frozen('client_id', 'form', 'fingerprint', 'total', 'provider');
CREATE TRIGGER payments_frozen_capture BEFORE UPDATE ON payments_payment FOR EACH ROW WHEN (OLD.captured IS NOT NULL)
    EXECUTE FUNCTION payments_frozen('captured', 'captured_at', 'capture', 'receipt');
CREATE TRIGGER payments_frozen BEFORE UPDATE ON payments_paymentline FOR EACH ROW EXECUTE FUNCTION
    payments_frozen('payment_id', 'kind', 'reference', 'act', 'amount');
CREATE TRIGGER payments_frozen BEFORE UPDATE ON payments_refund FOR EACH ROW EXECUTE FUNCTION
    payments_frozen('payment_id', 'amount')
"""

# Looked at when the transaction ends, whatever wrote the lines; the schema is that of the table itself.
PLACED = """
CREATE FUNCTION payments_captured_is_placed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    payment bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    captured numeric;
    placed numeric;
BEGIN
    EXECUTE format('SELECT captured FROM %I.payments_payment WHERE id = $1', TG_TABLE_SCHEMA)
        INTO captured USING payment;
    IF captured IS NULL THEN
        RETURN NULL;
    END IF;
    EXECUTE format($q$SELECT coalesce(sum(amount), 0) FROM %I.payments_paymentline WHERE payment_id = $1
        AND state <> 'asked' AND state <> 'dropped'$q$, TG_TABLE_SCHEMA) INTO placed USING payment;
    IF placed <> captured THEN
        RAISE check_violation USING MESSAGE = format('payment %s: %s captured, %s on lines', payment, captured, placed);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payments_captured_is_placed AFTER INSERT OR UPDATE ON payments_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_captured_is_placed('id');
CREATE CONSTRAINT TRIGGER payments_captured_is_placed AFTER INSERT OR UPDATE ON payments_paymentline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payments_captured_is_placed('payment_id')
"""

UNDO = """
DROP TRIGGER payments_captured_is_placed ON payments_paymentline;
DROP TRIGGER payments_captured_is_placed ON payments_payment;
DROP FUNCTION payments_captured_is_placed();
DROP TRIGGER payments_frozen ON payments_refund;
DROP TRIGGER payments_frozen ON payments_paymentline;
DROP TRIGGER payments_frozen_capture ON payments_payment;
DROP TRIGGER payments_frozen ON payments_payment;
DROP FUNCTION payments_frozen();
DROP TRIGGER payments_legal_step ON payments_refund;
DROP TRIGGER payments_legal_step ON payments_paymentline;
DROP TRIGGER payments_legal_step ON payments_payment;
DROP FUNCTION payments_legal_step()
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0003_postal_address"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReceiptYear",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(unique=True)),
                ("last", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Basket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clients.client"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DayReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("provider", models.CharField(max_length=40)),
                ("made_at", models.DateTimeField()),
                ("ours_captured", guichet.tenancy.columns.MoneyField()),
                ("ours_refunded", guichet.tenancy.columns.MoneyField()),
                ("theirs_captured", guichet.tenancy.columns.MoneyField()),
                ("theirs_refunded", guichet.tenancy.columns.MoneyField()),
                ("count", models.PositiveIntegerField()),
                ("differences", models.JSONField(default=list)),
            ],
            options={
                "indexes": [models.Index(fields=["-day", "-id"], name="day_report_latest")],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("form", models.UUIDField(unique=True)),
                ("fingerprint", models.CharField(max_length=64)),
                ("state", models.CharField(default="created", max_length=10)),
                ("provider", models.CharField(max_length=40)),
                ("reference", models.CharField(blank=True, max_length=200)),
                ("capture", models.CharField(blank=True, max_length=200)),
                ("address", models.TextField(blank=True)),
                ("total", guichet.tenancy.columns.MoneyField()),
                ("captured", guichet.tenancy.columns.MoneyField(null=True)),
                ("captured_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("claimed_until", models.DateTimeField(null=True)),
                ("check_at", models.DateTimeField(null=True)),
                ("checks", models.PositiveSmallIntegerField(default=0)),
                ("closed_at", models.DateTimeField(null=True)),
                ("receipt", models.CharField(max_length=20, null=True, unique=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("amount", guichet.tenancy.columns.MoneyField()),
                ("state", models.CharField(default="asked", max_length=10)),
                ("reference", models.CharField(blank=True, max_length=200)),
                ("asked_by", models.UUIDField(null=True)),
                ("reason", models.CharField(max_length=240)),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=200)),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="payments.payment",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PaymentLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("reference", models.UUIDField()),
                ("act", models.CharField(max_length=40)),
                ("amount", guichet.tenancy.columns.MoneyField()),
                ("state", models.CharField(default="asked", max_length=10)),
                ("reason", models.CharField(blank=True, max_length=60)),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="payments.payment",
                    ),
                ),
                (
                    "refund",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="payments.refund",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TakenEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("provider", models.CharField(max_length=40)),
                ("event", models.CharField(max_length=200)),
                (
                    "said",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("captured", "captured"),
                            ("refused", "refused"),
                            ("expired", "expired"),
                            ("refund_sent", "refund_sent"),
                            ("refund_done", "refund_done"),
                            ("refund_failed", "refund_failed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("taken_at", models.DateTimeField()),
                (
                    "payment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="payments.payment",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BasketLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("reference", models.UUIDField()),
                ("act", models.CharField(max_length=40)),
                ("wanted", guichet.tenancy.columns.MoneyField(null=True)),
                ("amount", guichet.tenancy.columns.MoneyField()),
                (
                    "basket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="payments.basket",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("basket", "kind", "reference"), name="one_act_a_thing"),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="a_price_is_positive"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["client", "-created_at", "-id"], name="payment_client"),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("state", "created"), ("state", "waiting"), _connector="OR"),
                fields=["check_at"],
                name="payment_open",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("state", "paid"), ("state", "applied"), _connector="OR"),
                fields=["captured_at"],
                name="payment_captured",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(condition=models.Q(("total__gt", 0)), name="something_is_paid"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "created"),
                    ("state", "waiting"),
                    ("state", "refused"),
                    ("state", "abandoned"),
                    ("state", "paid"),
                    ("state", "applied"),
                    _connector="OR",
                ),
                name="payment_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("state", "paid"), ("state", "applied"), _connector="OR"),
                        ("captured__gt", 0),
                        ("captured_at__isnull", False),
                        ("receipt__isnull", False),
                        models.Q(("capture", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("state", "paid"), ("state", "applied"), _connector="OR", _negated=True),
                        ("captured__isnull", True),
                        ("receipt__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="captured_when_paid",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference", ""), _negated=True),
                fields=("provider", "reference"),
                name="one_payment_a_reference",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("capture", ""), _negated=True),
                fields=("provider", "capture"),
                name="one_payment_a_capture",
            ),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                condition=models.Q(("state", "asked"), ("state", "sent"), _connector="OR"),
                fields=["due_at"],
                name="refund_moving",
            ),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                condition=models.Q(("taken_at__isnull", False)), fields=["taken_at"], name="refund_taken"
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="something_goes_back"
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "asked"),
                    ("state", "sent"),
                    ("state", "done"),
                    ("state", "failed"),
                    _connector="OR",
                ),
                name="refund_state_known",
            ),
        ),
        migrations.AddIndex(
            model_name="paymentline",
            index=models.Index(condition=models.Q(("state", "held")), fields=["id"], name="line_held"),
        ),
        migrations.AddConstraint(
            model_name="paymentline",
            constraint=models.UniqueConstraint(fields=("payment", "position"), name="one_line_a_position"),
        ),
        migrations.AddConstraint(
            model_name="paymentline",
            constraint=models.UniqueConstraint(
                fields=("payment", "kind", "reference"), name="one_line_a_thing"
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentline",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="a_line_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "asked"),
                    ("state", "applied"),
                    ("state", "held"),
                    ("state", "refunding"),
                    ("state", "refunded"),
                    ("state", "dropped"),
                    _connector="OR",
                ),
                name="line_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("refund__isnull", False),
                    models.Q(("state", "refunding"), ("state", "refunded"), _connector="OR", _negated=True),
                    _connector="OR",
                ),
                name="what_goes_back_has_a_refund",
            ),
        ),
        migrations.AddConstraint(
            model_name="takenevent",
            constraint=models.UniqueConstraint(fields=("provider", "event"), name="one_event_once"),
        ),
        migrations.RunSQL([LEGAL, FROZEN, PLACED], UNDO),
    ]

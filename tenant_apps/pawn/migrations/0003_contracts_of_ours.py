import uuid

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import guichet.tenancy.columns

# The ways of `domain.states`, which a test compares with these. A mirrored contract goes as the caisse's system says.
LEGAL = """
CREATE FUNCTION pawn_legal_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) <> ALL (string_to_array(TG_ARGV[0], ' ')) THEN
        RAISE check_violation USING MESSAGE = format('contract %s: no way from %s to %s', NEW.id, OLD.state, NEW.state);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pawn_legal_step BEFORE UPDATE OF state ON pawn_contract FOR EACH ROW WHEN (NEW.tariff_id IS NOT NULL)
    EXECUTE FUNCTION pawn_legal_step(
    'boni_available>boni_claimed boni_available>boni_lapsed due>for_sale due>in_grace due>redeemed '
    'due>running for_sale>boni_available for_sale>due for_sale>in_grace for_sale>redeemed '
    'for_sale>running for_sale>sold in_grace>for_sale in_grace>redeemed in_grace>running running>due '
    'running>for_sale running>redeemed')
"""

# What was signed is never rewritten, and no contract changes sides between the caisse's system and this one.
FROZEN = """
CREATE FUNCTION pawn_frozen() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE check_violation USING MESSAGE = format('%s: what was signed is never rewritten', TG_TABLE_NAME);
END $$;
CREATE TRIGGER pawn_frozen BEFORE UPDATE ON pawn_contract FOR EACH ROW WHEN (
    OLD.tariff_id IS DISTINCT FROM NEW.tariff_id
    OR (OLD.tariff_id IS NOT NULL AND (
        OLD.client_id IS DISTINCT FROM NEW.client_id
        OR OLD.number IS DISTINCT FROM NEW.number
        OR OLD.amount_lent IS DISTINCT FROM NEW.amount_lent
        OR OLD.opened_on IS DISTINCT FROM NEW.opened_on
        OR OLD.first_term IS DISTINCT FROM NEW.first_term
        OR OLD.appraisal IS DISTINCT FROM NEW.appraisal))
) EXECUTE FUNCTION pawn_frozen();
CREATE TRIGGER pawn_frozen BEFORE UPDATE ON pawn_pledgedobject FOR EACH ROW WHEN (
    OLD.most_lent IS NOT NULL AND (
        OLD.contract_id IS DISTINCT FROM NEW.contract_id
        OR OLD.appraisal IS DISTINCT FROM NEW.appraisal
        OR OLD.metal IS DISTINCT FROM NEW.metal
        OR OLD.metal_price IS DISTINCT FROM NEW.metal_price
        OR OLD.weight_grams IS DISTINCT FROM NEW.weight_grams
        OR OLD.fineness IS DISTINCT FROM NEW.fineness
        OR OLD.most_lent IS DISTINCT FROM NEW.most_lent)
) EXECUTE FUNCTION pawn_frozen();
CREATE TRIGGER pawn_frozen BEFORE UPDATE ON pawn_handover FOR EACH ROW WHEN (
        OLD.uuid IS DISTINCT FROM NEW.uuid
        OR OLD.contract_id IS DISTINCT FROM NEW.contract_id
        OR OLD.operation_id IS DISTINCT FROM NEW.operation_id
) EXECUTE FUNCTION pawn_frozen()
"""

# CMF D514-7, D514-16 and D514-8.
LAW = """
ALTER TABLE pawn_contract ADD CONSTRAINT within_two_years
    CHECK (tariff_id IS NULL OR due_on <= opened_on + interval '24 months');
ALTER TABLE pawn_contract ADD CONSTRAINT announced_ten_days_before
    CHECK (sale_on IS NULL OR sale_on >= announced_on + 10);
ALTER TABLE pawn_pledgedobject ADD CONSTRAINT lent_within_the_law CHECK (
    most_lent IS NULL
    OR (metal = '' AND most_lent * 3 <= appraisal * 2)
    OR (metal <> '' AND most_lent * 5000 <= coalesce(weight_grams * fineness * metal_price * 4, 0))
)
"""

# Looked at when the transaction ends, whatever wrote the rows; the schema is that of the table itself.
ADDS_UP = """
CREATE FUNCTION pawn_operation_adds_up() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    operation bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    said record;
    found record;
BEGIN
    EXECUTE format('SELECT amount, capital FROM %I.pawn_operation WHERE id = $1', TG_TABLE_SCHEMA)
        INTO said USING operation;
    EXECUTE format($q$SELECT coalesce(sum(amount), 0) AS amount,
        coalesce(sum(amount) FILTER (WHERE part = 'capital'), 0) AS capital
        FROM %I.pawn_operationline WHERE operation_id = $1$q$, TG_TABLE_SCHEMA) INTO found USING operation;
    IF said.amount <> found.amount OR said.capital <> found.capital THEN
        RAISE check_violation USING MESSAGE = format('operation %s: its lines do not add up to it', operation);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER pawn_operation_adds_up AFTER INSERT ON pawn_operation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pawn_operation_adds_up('id');
CREATE CONSTRAINT TRIGGER pawn_operation_adds_up AFTER INSERT ON pawn_operationline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pawn_operation_adds_up('operation_id');
CREATE FUNCTION pawn_contract_adds_up() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    contract bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
    said record;
    paid numeric;
    pledged record;
BEGIN
    EXECUTE format('SELECT tariff_id, amount_lent, capital, appraisal FROM %I.pawn_contract WHERE id = $1',
        TG_TABLE_SCHEMA) INTO said USING contract;
    IF said.tariff_id IS NULL THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT coalesce(sum(capital), 0) FROM %I.pawn_operation WHERE contract_id = $1',
        TG_TABLE_SCHEMA) INTO paid USING contract;
    IF said.capital <> said.amount_lent - paid THEN
        RAISE check_violation USING MESSAGE = format('contract %s: %s lent, %s paid back, and %s left', contract,
            said.amount_lent, paid, said.capital);
    END IF;
    EXECUTE format($q$SELECT coalesce(sum(most_lent), 0) AS most_lent, coalesce(sum(appraisal), 0) AS appraisal
        FROM %I.pawn_pledgedobject WHERE contract_id = $1$q$, TG_TABLE_SCHEMA) INTO pledged USING contract;
    IF said.amount_lent > pledged.most_lent OR said.appraisal <> pledged.appraisal THEN
        RAISE check_violation USING MESSAGE = format('contract %s: its objects do not bear the loan', contract);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER pawn_contract_adds_up AFTER INSERT OR UPDATE ON pawn_contract
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pawn_contract_adds_up('id');
CREATE CONSTRAINT TRIGGER pawn_contract_adds_up AFTER INSERT ON pawn_operation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pawn_contract_adds_up('contract_id');
CREATE CONSTRAINT TRIGGER pawn_contract_adds_up AFTER INSERT OR UPDATE ON pawn_pledgedobject
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pawn_contract_adds_up('contract_id')
"""

UNDO = """
DROP TRIGGER pawn_contract_adds_up ON pawn_pledgedobject;
DROP TRIGGER pawn_contract_adds_up ON pawn_operation;
DROP TRIGGER pawn_contract_adds_up ON pawn_contract;
DROP FUNCTION pawn_contract_adds_up();
DROP TRIGGER pawn_operation_adds_up ON pawn_operationline;
DROP TRIGGER pawn_operation_adds_up ON pawn_operation;
DROP FUNCTION pawn_operation_adds_up();
ALTER TABLE pawn_pledgedobject DROP CONSTRAINT lent_within_the_law;
ALTER TABLE pawn_contract DROP CONSTRAINT announced_ten_days_before;
ALTER TABLE pawn_contract DROP CONSTRAINT within_two_years;
DROP TRIGGER pawn_frozen ON pawn_handover;
DROP TRIGGER pawn_frozen ON pawn_pledgedobject;
DROP TRIGGER pawn_frozen ON pawn_contract;
DROP FUNCTION pawn_frozen();
DROP TRIGGER pawn_legal_step ON pawn_contract;
DROP FUNCTION pawn_legal_step()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0003_postal_address"),
        ("pawn", "0002_tariffs"),
    ]

    operations = [
        migrations.CreateModel(
            name="ActCharged",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("act", models.CharField(max_length=24)),
                ("on", models.DateField()),
                ("extra", guichet.tenancy.columns.MoneyField()),
            ],
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("lost_receipt", "LOST_RECEIPT"), ("claimed_by_other", "CLAIMED_BY_OTHER")],
                        max_length=20,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("who_sealed", models.BinaryField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("due_soon", "Due Soon"),
                            ("due", "Due"),
                            ("sale", "Sale"),
                            ("boni", "Boni"),
                        ],
                        max_length=10,
                    ),
                ),
                ("about", models.DateField()),
                ("channel", models.CharField(max_length=8)),
                ("message", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="NumberSeries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("series", models.CharField(max_length=4, unique=True)),
                ("last", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Operation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(editable=False, unique=True)),
                ("fingerprint", models.CharField(max_length=64)),
                (
                    "kind",
                    models.CharField(
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
                        ],
                        max_length=16,
                    ),
                ),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "source",
                    models.CharField(
                        choices=[("counter", "COUNTER"), ("card", "CARD"), ("clock", "CLOCK")], max_length=8
                    ),
                ),
                ("payment", models.UUIDField(null=True)),
                ("by", models.UUIDField(null=True)),
                ("amount", guichet.tenancy.columns.MoneyField()),
                ("capital", guichet.tenancy.columns.MoneyField()),
                ("term_before", models.DateField(null=True)),
                ("term_after", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="OperationLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("lent", "LENT"),
                            ("capital", "CAPITAL"),
                            ("interest", "INTEREST"),
                            ("minimum", "MINIMUM"),
                            ("fixed_fee", "FIXED_FEE"),
                            ("penalty", "PENALTY"),
                            ("act", "ACT"),
                            ("boni", "BONI"),
                            ("deficit", "DEFICIT"),
                        ],
                        max_length=12,
                    ),
                ),
                ("act", models.CharField(blank=True, max_length=24)),
                ("amount", guichet.tenancy.columns.MoneyField()),
            ],
        ),
        migrations.CreateModel(
            name="Sale",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sold_on", models.DateField()),
                ("hammer_price", guichet.tenancy.columns.MoneyField()),
                ("owed", guichet.tenancy.columns.MoneyField()),
                ("costs", guichet.tenancy.columns.MoneyField()),
                ("boni", guichet.tenancy.columns.MoneyField()),
                ("deficit", guichet.tenancy.columns.MoneyField()),
                ("notice_on", models.DateField(null=True)),
                ("lapses_on", models.DateField()),
            ],
        ),
        migrations.AddField(
            model_name="contract",
            name="announced_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="contract",
            name="appraisal",
            field=guichet.tenancy.columns.MoneyField(null=True),
        ),
        migrations.AddField(
            model_name="contract",
            name="capital",
            field=guichet.tenancy.columns.MoneyField(null=True),
        ),
        migrations.AddField(
            model_name="contract",
            name="first_term",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="contract",
            name="sale_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="contract",
            name="sale_requested",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="contract",
            name="tariff",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contracts",
                to="pawn.tariff",
            ),
        ),
        migrations.AddField(
            model_name="pledgedobject",
            name="metal",
            field=models.CharField(
                blank=True,
                choices=[("gold", "GOLD"), ("silver", "SILVER"), ("platinum", "PLATINUM")],
                default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="pledgedobject",
            name="metal_price",
            field=models.DecimalField(decimal_places=4, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name="pledgedobject",
            name="most_lent",
            field=guichet.tenancy.columns.MoneyField(null=True),
        ),
        migrations.AlterField(
            model_name="contract",
            name="amount_due",
            field=guichet.tenancy.columns.MoneyField(null=True),
        ),
        migrations.AlterField(
            model_name="contract",
            name="amount_due_as_of",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="contract",
            name="amount_lent",
            field=guichet.tenancy.columns.MoneyField(),
        ),
        migrations.AlterField(
            model_name="contract",
            name="state",
            field=models.CharField(
                choices=[
                    ("running", "Running"),
                    ("due", "Due"),
                    ("in_grace", "In Grace"),
                    ("for_sale", "For Sale"),
                    ("sold", "Sold"),
                    ("boni_available", "Boni Available"),
                    ("boni_claimed", "Boni Claimed"),
                    ("boni_lapsed", "Boni Lapsed"),
                    ("redeemed", "Redeemed"),
                ],
                default="running",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="pledgedobject",
            name="appraisal",
            field=guichet.tenancy.columns.MoneyField(),
        ),
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(
                condition=models.Q(
                    ("tariff__isnull", False),
                    models.Q(("state", "due"), ("state", "running"), _connector="OR"),
                ),
                fields=["due_on"],
                name="contract_by_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "boni_available"),
                    ("state", "boni_claimed"),
                    ("state", "boni_lapsed"),
                    ("state", "due"),
                    ("state", "for_sale"),
                    ("state", "in_grace"),
                    ("state", "redeemed"),
                    ("state", "running"),
                    ("state", "sold"),
                    _connector="OR",
                ),
                name="contract_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("tariff__isnull", True),
                        ("amount_due__isnull", False),
                        ("amount_due_as_of__isnull", False),
                        ("appraisal__isnull", True),
                        ("capital__isnull", True),
                        ("first_term__isnull", True),
                    ),
                    models.Q(
                        models.Q(("tariff__isnull", True), _negated=True),
                        ("amount_due__isnull", True),
                        ("amount_due_as_of__isnull", True),
                        ("appraisal__isnull", False),
                        ("capital__isnull", False),
                        ("first_term__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="mirrored_or_ours",
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("capital__isnull", True),
                    models.Q(("capital__gte", 0), ("capital__lte", models.F("amount_lent"))),
                    _connector="OR",
                ),
                name="capital_within_the_loan",
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("tariff__isnull", True),
                    models.Q(
                        ("state", "boni_available"),
                        ("state", "boni_claimed"),
                        ("state", "boni_lapsed"),
                        ("state", "redeemed"),
                        ("state", "sold"),
                        _connector="OR",
                        _negated=True,
                    ),
                    ("capital", 0),
                    _connector="OR",
                ),
                name="an_ended_one_owes_nothing",
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("tariff__isnull", True),
                    models.Q(
                        ("announced_on__isnull", False), ("sale_on__isnull", False), ("state", "for_sale")
                    ),
                    models.Q(
                        models.Q(("state", "for_sale"), _negated=True),
                        ("announced_on__isnull", True),
                        ("sale_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="a_sale_is_announced_for_a_day",
            ),
        ),
        migrations.AddField(
            model_name="actcharged",
            name="contract",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="charges", to="pawn.contract"
            ),
        ),
        migrations.AddField(
            model_name="block",
            name="contract",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="blocks", to="pawn.contract"
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="contract",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="handover", to="pawn.contract"
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="contract",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="pawn.contract"
            ),
        ),
        migrations.AddField(
            model_name="operation",
            name="contract",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="operations", to="pawn.contract"
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="operation",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="handover", to="pawn.operation"
            ),
        ),
        migrations.AddField(
            model_name="actcharged",
            name="operation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="charges", to="pawn.operation"
            ),
        ),
        migrations.AddField(
            model_name="operationline",
            name="operation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="pawn.operation"
            ),
        ),
        migrations.AddField(
            model_name="sale",
            name="contract",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="sale", to="pawn.contract"
            ),
        ),
        migrations.AddField(
            model_name="sale",
            name="operation",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="sale", to="pawn.operation"
            ),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)),
                fields=("contract", "kind"),
                name="one_open_block_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "claimed_by_other"), ("kind", "lost_receipt"), _connector="OR"),
                name="block_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="a_block_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                fields=("contract", "kind", "about", "channel"), name="one_notice_a_thing_and_channel"
            ),
        ),
        migrations.AddIndex(
            model_name="operation",
            index=models.Index(fields=["contract", "id"], name="operation_contract"),
        ),
        migrations.AddIndex(
            model_name="operation",
            index=models.Index(fields=["at", "id"], name="operation_at"),
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
                    ("kind", "handed_over"),
                    ("kind", "opened"),
                    ("kind", "paid_down"),
                    ("kind", "prolonged"),
                    ("kind", "redeemed"),
                    ("kind", "sold"),
                    ("kind", "unblocked"),
                    ("kind", "withdrawn"),
                    _connector="OR",
                ),
                name="operation_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0)), name="a_payment_is_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.CheckConstraint(
                condition=models.Q(("capital__gte", 0)), name="paid_capital_is_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by__isnull", False), ("payment__isnull", True), ("source", "counter")),
                    models.Q(("by__isnull", True), ("payment__isnull", False), ("source", "card")),
                    models.Q(("by__isnull", True), ("payment__isnull", True), ("source", "clock")),
                    _connector="OR",
                ),
                name="somebody_did_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "prolonged"),
                        ("term_after__gt", models.F("term_before")),
                        ("term_before__isnull", False),
                    ),
                    models.Q(
                        models.Q(("kind", "prolonged"), _negated=True),
                        ("term_after__isnull", True),
                        ("term_before__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="a_prolongation_moves_the_term",
            ),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("payment__isnull", False)),
                fields=("payment", "contract"),
                name="one_operation_a_payment",
            ),
        ),
        migrations.AddIndex(
            model_name="actcharged",
            index=models.Index(fields=["contract", "id"], name="charge_contract"),
        ),
        migrations.AddConstraint(
            model_name="actcharged",
            constraint=models.CheckConstraint(
                condition=models.Q(("extra__gte", 0)), name="a_cost_is_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="operationline",
            constraint=models.UniqueConstraint(fields=("operation", "position"), name="one_part_a_position"),
        ),
        migrations.AddConstraint(
            model_name="operationline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("part", "act"),
                    ("part", "boni"),
                    ("part", "capital"),
                    ("part", "deficit"),
                    ("part", "fixed_fee"),
                    ("part", "interest"),
                    ("part", "lent"),
                    ("part", "minimum"),
                    ("part", "penalty"),
                    _connector="OR",
                ),
                name="part_known",
            ),
        ),
        migrations.AddIndex(
            model_name="sale",
            index=models.Index(
                condition=models.Q(("boni", 0), _negated=True), fields=["lapses_on"], name="sale_boni_lapses"
            ),
        ),
        migrations.AddConstraint(
            model_name="sale",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("costs__gte", 0),
                    ("costs__lte", models.F("owed")),
                    ("hammer_price__gte", 0),
                    ("owed__gte", 0),
                ),
                name="sums_of_a_sale",
            ),
        ),
        migrations.AddConstraint(
            model_name="sale",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("boni__gte", 0),
                    ("deficit__gte", 0),
                    models.Q(("boni", 0), ("deficit", 0), _connector="OR"),
                ),
                name="a_boni_or_a_deficit",
            ),
        ),
        migrations.AddConstraint(
            model_name="sale",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "hammer_price",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("owed"), "+", models.F("boni")
                            ),
                            "-",
                            models.F("deficit"),
                        ),
                    )
                ),
                name="the_price_is_shared_out",
            ),
        ),
        migrations.AddConstraint(
            model_name="sale",
            constraint=models.CheckConstraint(
                condition=models.Q(("lapses_on__gt", models.F("sold_on"))),
                name="a_boni_lapses_after_the_sale",
            ),
        ),
        migrations.RunSQL([LEGAL, FROZEN, LAW, ADDS_UP], UNDO),
    ]

"""Seals, and what lets an address be erased without a trace in them.

The salt is drawn and the digest made by a trigger, so that the processes of the release before, which know neither, go on
writing events. Addresses are erased through a function that runs with its owner's rights, and that knows the least time
that they are kept: whoever speaks as the caisse cannot make the traces of today disappear.
"""

from django.db import migrations, models

MARK = """
CREATE FUNCTION journal_mark_address() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.address_salt := replace(gen_random_uuid()::text, '-', '');
    -- What follows the four bytes of its header is the address itself.
    NEW.address_digest := encode(
        sha256(decode(NEW.address_salt, 'hex') || substring(inet_send(NEW.address) FROM 5)), 'hex');
    RETURN NEW;
END $$;
CREATE TRIGGER journal_mark_address BEFORE INSERT ON journal_event FOR EACH ROW
WHEN (NEW.address IS NOT NULL) EXECUTE FUNCTION journal_mark_address()
"""

# Those of before this release.
MARK_OLD = """
UPDATE journal_event SET address_salt = replace(gen_random_uuid()::text, '-', '') WHERE address IS NOT NULL;
UPDATE journal_event SET address_digest = encode(
    sha256(decode(address_salt, 'hex') || substring(inet_send(address) FROM 5)), 'hex') WHERE address IS NOT NULL
"""

# Its path names the schema that it stands in, and no other: a table of the same name elsewhere is never meant.
ERASE = """
DO $do$ BEGIN EXECUTE format($made$
CREATE FUNCTION %1$I.journal_erase_addresses(before timestamptz, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = %1$I, pg_temp AS $$
DECLARE
    gone integer;
BEGIN
    IF before > now() - interval '30 days' THEN
        RAISE insufficient_privilege USING MESSAGE = 'an address is kept for 30 days at least';
    END IF;
    UPDATE journal_event SET address = NULL, address_salt = '' WHERE id IN (
        SELECT id FROM journal_event WHERE at < before AND address IS NOT NULL ORDER BY at LIMIT most);
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$
$made$, current_schema()); END $do$
"""

UNDO = """
DROP FUNCTION journal_erase_addresses(timestamptz, integer);
DROP TRIGGER journal_mark_address ON journal_event;
DROP FUNCTION journal_mark_address()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField()),
                ("first", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
                ("count", models.PositiveIntegerField()),
                ("events", models.CharField(max_length=64)),
                ("previous", models.CharField(max_length=64)),
                ("chained", models.CharField(max_length=64)),
                ("signed", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=8)),
                ("sealed_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="event",
            name="address_digest",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="event",
            name="address_salt",
            field=models.CharField(blank=True, db_default="", default="", max_length=32),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["-at", "-id"], name="event_at"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("address__isnull", False)), fields=["at"], name="event_address_kept"
            ),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.UniqueConstraint(fields=("number",), name="one_seal_a_number"),
        ),
        migrations.RunSQL([MARK_OLD, MARK, ERASE], UNDO),
    ]

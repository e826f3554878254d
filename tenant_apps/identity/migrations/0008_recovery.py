import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0007_sessions_confirmations_and_terms")]

    operations = [
        migrations.CreateModel(
            name="Recovery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("proofs", models.JSONField()),
                ("link_digest", models.CharField(blank=True, max_length=64)),
                ("code_digest", models.CharField(blank=True, max_length=64)),
                ("epoch", models.PositiveIntegerField()),
                ("tries_left", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recoveries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("link_digest", ""), _negated=True),
                        fields=("link_digest",),
                        name="one_recovery_a_link",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code_digest", ""), ("link_digest", ""), _negated=True),
                        name="a_recovery_asks_for_a_proof",
                    ),
                ],
            },
        ),
    ]

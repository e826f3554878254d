import uuid

import django.db.models.deletion
from django.db import migrations, models

import guichet.tenancy.columns


class Migration(migrations.Migration):
    dependencies = [
        ("demo", "0002_letters"),
    ]

    operations = [
        migrations.CreateModel(
            name="CardOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("payment", models.UUIDField(unique=True)),
                ("amount", guichet.tenancy.columns.MoneyField()),
                ("words", models.CharField(max_length=400)),
                ("back", models.CharField(max_length=300)),
                ("cancel", models.CharField(max_length=300)),
                ("state", models.CharField(default="open", max_length=16)),
                ("capture", models.CharField(blank=True, max_length=60)),
                ("how", models.CharField(blank=True, max_length=12)),
                ("expires_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(null=True)),
                ("tell_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CardRefund",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(unique=True)),
                ("amount", guichet.tenancy.columns.MoneyField()),
                ("made_at", models.DateTimeField()),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="refunds",
                        to="demo.cardorder",
                    ),
                ),
            ],
        ),
    ]

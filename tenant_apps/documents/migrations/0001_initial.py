import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("clients", "0003_postal_address"),
    ]

    operations = [
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=60)),
                ("about", models.UUIDField()),
                ("media_type", models.CharField(max_length=60)),
                ("file", models.CharField(max_length=80, unique=True)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["client", "-made_at", "-id"], name="document_client")],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "about"), name="one_document_a_thing")
                ],
            },
        ),
    ]

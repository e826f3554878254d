from datetime import timedelta

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="moved_late",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="appointmentrules",
            name="changes_a_day",
            field=models.PositiveSmallIntegerField(default=10),
        ),
        migrations.AddField(
            model_name="appointmentrules",
            name="missed_at_most",
            field=models.PositiveSmallIntegerField(default=3),
        ),
        migrations.AddField(
            model_name="appointmentrules",
            name="missed_within",
            field=models.DurationField(default=timedelta(days=90)),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pawn", "0005_extra_time_and_new_goods"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="operation",
            name="somebody_did_it",
        ),
        migrations.AlterField(
            model_name="operation",
            name="source",
            field=models.CharField(
                choices=[("counter", "COUNTER"), ("card", "CARD"), ("clock", "CLOCK"), ("client", "CLIENT")],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by__isnull", False), ("payment__isnull", True), ("source", "counter")),
                    models.Q(("by__isnull", True), ("payment__isnull", False), ("source", "card")),
                    models.Q(("by__isnull", True), ("payment__isnull", True), ("source", "clock")),
                    models.Q(
                        ("amount", 0), ("by__isnull", True), ("payment__isnull", True), ("source", "client")
                    ),
                    _connector="OR",
                ),
                name="somebody_did_it",
            ),
        ),
    ]

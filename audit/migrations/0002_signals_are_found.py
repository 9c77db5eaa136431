import uuid6
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_record_is_sealed"),
        ("people", "0006_record_says_by_what_right"),
    ]

    operations = [
        # Only the auditor asks for entries by their time alone, so the index is theirs.
        migrations.RunSQL("CREATE INDEX access_record_by_time ON people_accessrecord (at)", "DROP INDEX access_record_by_time"),
        # Nothing wrote to it yet.
        migrations.DeleteModel(name="SignalAnswer"),
        migrations.CreateModel(
            name="Signal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30)),
                ("part", models.PositiveSmallIntegerField()),
                ("entry_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("user_id", models.BigIntegerField(null=True)),
                ("case_id", models.UUIDField(null=True)),
                ("number", models.IntegerField(null=True)),
            ],
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.UniqueConstraint(
                fields=("kind", "part", "entry_id", "case_id"), name="signal_once", nulls_distinct=False
            ),
        ),
        migrations.CreateModel(
            name="SignalAnswer",
            fields=[
                ("id", models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "answer",
                    models.CharField(
                        choices=[("EXPLAINED", "Explained"), ("REFERRED", "Refer to professional standards")], max_length=10
                    ),
                ),
                ("words", models.CharField(max_length=1000)),
                ("by_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "signal",
                    models.ForeignKey(on_delete=models.deletion.PROTECT, related_name="answers", to="audit.signal"),
                ),
            ],
        ),
    ]

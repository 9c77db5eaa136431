from django.db import migrations

# Children that carry a queue repeat the unit and the restriction of their case; these keys hold them equal, and carry a case
# handed to another unit down to them in the same statement.
CHILDREN = ("timelimit", "review", "action")
FORWARD = "\n".join(
    f"ALTER TABLE cases_{child} ADD CONSTRAINT {child}_scope_is_of_the_case FOREIGN KEY (case_id, unit_id, is_restricted)"
    " REFERENCES cases_case (id, unit_id, is_restricted) ON UPDATE CASCADE;"
    for child in CHILDREN
)
BACKWARD = "\n".join(f"ALTER TABLE cases_{child} DROP CONSTRAINT {child}_scope_is_of_the_case;" for child in CHILDREN)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

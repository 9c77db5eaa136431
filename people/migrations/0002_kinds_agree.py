from django.db import migrations

# Composite foreign keys: a user's and a role's kind of organisation are those of the organisation itself, so that the check
# constraints on roles speak of the truth. ON UPDATE CASCADE carries a change down.
FORWARD = """
ALTER TABLE people_organisation ADD CONSTRAINT organisation_kind_known UNIQUE (id, kind);
ALTER TABLE people_user ADD CONSTRAINT user_kind_known UNIQUE (id, organisation_kind);
ALTER TABLE people_user ADD CONSTRAINT user_kind_is_of_the_organisation
    FOREIGN KEY (organisation_id, organisation_kind) REFERENCES people_organisation (id, kind) ON UPDATE CASCADE;
ALTER TABLE people_roleassignment ADD CONSTRAINT role_kind_is_of_the_user
    FOREIGN KEY (user_id, organisation_kind) REFERENCES people_user (id, organisation_kind) ON UPDATE CASCADE;
"""
BACKWARD = """
ALTER TABLE people_roleassignment DROP CONSTRAINT role_kind_is_of_the_user;
ALTER TABLE people_user DROP CONSTRAINT user_kind_is_of_the_organisation;
ALTER TABLE people_user DROP CONSTRAINT user_kind_known;
ALTER TABLE people_organisation DROP CONSTRAINT organisation_kind_known;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

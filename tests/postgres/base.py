"""The database of the tests: logged in as the cluster's administrator, then become the web login.

After SET SESSION AUTHORIZATION every check of roles and policies is exactly that of a real web login, but a test can step
back (tests/worlds.py) and build a world of rows that no single actor could build, within the same transaction.
"""

from django.db.backends.postgresql import base

LOGIN = "rasso_web"


class DatabaseWrapper(base.DatabaseWrapper):
    def init_connection_state(self) -> None:
        super().init_connection_state()
        with self.connection.cursor() as cursor:
            cursor.execute(f"SET SESSION AUTHORIZATION {LOGIN}")
        if not self.get_autocommit():
            self.connection.commit()

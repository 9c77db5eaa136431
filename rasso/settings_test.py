"""What tests change, and nothing else."""

import os

os.environ["RASSO_MODE"] = "test"

from rasso.settings import *  # noqa: F403

DATABASES["default"]["ENGINE"] = "tests.postgres"  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files are found where they are built; nothing is collected for tests.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

"""What tests change, and nothing else."""

import os

os.environ["RASSO_MODE"] = "test"

from rasso.settings import *  # noqa: F403, E402

DATABASES["default"]["ENGINE"] = "tests.postgres"  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

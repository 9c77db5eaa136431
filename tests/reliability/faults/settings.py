"""The demonstration's settings, but messages go to a mail server: only production sends to one otherwise."""

import os

from rasso.settings import *  # noqa: F403

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT, EMAIL_TIMEOUT = (int(number) for number in os.environ["FAULTS_MAIL"].split())

"""Where the web server finds the site."""

import os

from django.core.wsgi import get_wsgi_application

from rasso.checks import refuse_unfit_database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rasso.settings")

application = get_wsgi_application()

refuse_unfit_database()

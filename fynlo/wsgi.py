"""HTTP for WSGI workers (gunicorn) in production."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fynlo.settings")
_django = get_wsgi_application()

import fynlo.celery  # noqa: E402, F401  so that tasks are sent to its broker
from fynlo.checks import refuse_unsafe_start  # noqa: E402  needs the apps
from fynlo.unchanged_book import UnchangedBookDoor  # noqa: E402

refuse_unsafe_start()

application = UnchangedBookDoor(_django)

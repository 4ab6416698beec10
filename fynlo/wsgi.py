"""HTTP for WSGI workers (gunicorn) in production."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fynlo.settings")
application = get_wsgi_application()

from fynlo.checks import refuse_unsafe_start  # noqa: E402  needs the apps

refuse_unsafe_start()

"""HTTP and websockets on one port (daphne): the demo, and the realtime processes of production."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fynlo.settings")
_http = get_wsgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402  needs the apps
from django.conf import settings  # noqa: E402

import fynlo.celery  # noqa: E402, F401  so that tasks are sent to its broker
from fynlo.bridge import ThreadedWSGI  # noqa: E402
from fynlo.checks import refuse_unsafe_start  # noqa: E402
from fynlo.env import Env  # noqa: E402
from fynlo.observability.health import LIVE  # noqa: E402
from fynlo.realtime.routing import websocket_urlpatterns  # noqa: E402
from fynlo.unchanged_book import UnchangedBookDoor  # noqa: E402
from tenants.sockets import TenantSocketMiddleware  # noqa: E402

refuse_unsafe_start()

_LARGEST_BODY = 64 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE

application = ProtocolTypeRouter(
    {
        "http": ThreadedWSGI(
            UnchangedBookDoor(_http),
            threads=Env().integer("FYNLO_WEB_THREADS", 4, minimum=1),
            max_body=_LARGEST_BODY,
            at_once={"/health/live": LIVE},
        ),
        "websocket": TenantSocketMiddleware(URLRouter(websocket_urlpatterns)),
    }
)

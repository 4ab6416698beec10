#!/bin/sh
# Starts one process of Fynlo. Nothing migrates here: run `migrate` as a step of the deployment.
set -eu
case "${1:-web}" in
  # What processes counted here before would be added to the counters of today.
  web | realtime | worker | beat | relay) [ -z "${PROMETHEUS_MULTIPROC_DIR:-}" ] || rm -f "$PROMETHEUS_MULTIPROC_DIR"/*.db ;;
esac
case "${1:-web}" in
  web)
    exec gunicorn fynlo.wsgi:application --config deploy/gunicorn_hooks.py --bind "0.0.0.0:${PORT:-8000}" --worker-class gthread \
      --workers "${FYNLO_WEB_WORKERS:-2}" --threads "${FYNLO_WEB_THREADS:-4}" --max-requests 20000 \
      --max-requests-jitter 2000 --graceful-timeout 30 --no-control-socket ;;
  realtime) exec python -m fynlo.realtime.server --bind 0.0.0.0 --port "${PORT:-8000}" --no-server-name \
      fynlo.asgi:application ;;
  worker) exec celery -A fynlo.celery worker --loglevel WARNING --concurrency "${FYNLO_WORKERS:-2}" \
      --queues "${FYNLO_QUEUES:-celery,payments}" ;;
  beat) exec celery -A fynlo.celery beat --loglevel WARNING --schedule /var/lib/fynlo/celerybeat-schedule ;;
  relay) exec python manage.py relay ;;
  migrate) exec env FYNLO_DATABASE_ROLE=owner python manage.py migrate ;;
  *) exec python manage.py "$@" ;;
esac

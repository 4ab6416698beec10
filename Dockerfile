# One image for every process; the command decides: web, realtime, worker, beat, relay, migrate.
#   docker build -t fynlo .
#   docker run -e DATABASE_URL=… -e REDIS_URL=… -e FYNLO_SECRET_KEY=… fynlo web
FROM python:3.13-slim-bookworm AS build
ENV PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv/fynlo
COPY bin/installer.txt requirements.txt ./
RUN python -m venv /opt/venv && python -m venv /opt/uv && /opt/uv/bin/pip install --require-hashes -r installer.txt
RUN /opt/uv/bin/uv pip sync --python /opt/venv/bin/python --require-hashes --compile-bytecode requirements.txt \
    && rm installer.txt
COPY . .
RUN FYNLO_ENV=production FYNLO_SECRET_KEY=only-for-collecting-static-files-in-the-build \
    FYNLO_PIN_PEPPER=only-for-collecting-static-files-in-the-build FYNLO_METRICS_TOKEN=only-for-the-build-stage \
    FYNLO_SEALING_KEYS=only-for-collecting-static-files-in-the-build \
    DATABASE_URL=postgres://nobody@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1/0 \
    /opt/venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf tests benchmarks docs/examples .ci .github

FROM python:3.13-slim-bookworm
# No system packages: pg_dump, which builds the template of new merchants' schemas, comes with a wheel of the lock.
RUN useradd --system --uid 10001 --home-dir /srv/fynlo --shell /usr/sbin/nologin fynlo \
    && install -d -o fynlo -g fynlo /var/lib/fynlo /var/lib/fynlo/metrics
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/fynlo /srv/fynlo
WORKDIR /srv/fynlo
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    FYNLO_ENV=production PROMETHEUS_MULTIPROC_DIR=/var/lib/fynlo/metrics
USER fynlo
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "deploy/healthcheck.py"]
ENTRYPOINT ["sh", "deploy/entrypoint.sh"]
CMD ["web"]

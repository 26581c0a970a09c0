# syntax=docker/dockerfile:1
# One image for web, worker, beat and migrate; docker-compose.yml gives each its command.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements.txt ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
COPY . .
RUN STATIC_ROOT=/app/static-built TUNTAS_MODE=demo /opt/venv/bin/python -m deploy.assets

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=helpdesk.settings \
    STATIC_ROOT=/app/static-built \
    VAR_DIR=/var/lib/tuntas
RUN useradd --system --uid 10001 --home-dir /app --no-create-home tuntas \
    && install -d -o tuntas -g tuntas -m 0750 /var/lib/tuntas
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
USER tuntas
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "helpdesk.wsgi:application"]

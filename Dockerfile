# The desk as an image: packages by hash, an ordinary user, no compiler. One image for web, worker,
# beat and sweeper; docker-compose.yml says which is which.
FROM python:3.11-slim AS packages
WORKDIR /desk
COPY requirements/base.txt requirements/base.txt
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements/base.txt

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /desk --shell /usr/sbin/nologin desk \
    && mkdir -p /desk /data/media /data/static \
    && chown -R desk /data
WORKDIR /desk
COPY --from=packages /venv /venv
COPY . .
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=itsm.settings \
    ITSM_LOCAL_DIR=/data \
    MEDIA_ROOT=/data/media \
    STATIC_ROOT=/data/static
# Neither needs a database; the key is thrown away with the layer's environment.
RUN python -m itsm.messages compile \
    && SECRET_KEY=only-while-building-the-image DATABASE_URL=postgres:///none \
        python manage.py collectstatic --noinput \
    && chown -R desk /data
USER desk
VOLUME /data/media
EXPOSE 8000
CMD ["gunicorn", "itsm.wsgi:application", "--bind", "0.0.0.0:8000", \
    "--worker-class", "itsm.worker.Worker", "--workers", "2", "--threads", "8", "--timeout", "60", \
    "--graceful-timeout", "10", "--max-requests", "20000", "--max-requests-jitter", "2000", \
    "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]

# The service: api, workers and beat are the same image with other commands. Built from the hashed lock files alone.
FROM node:22.20.0-bookworm-slim AS pages
WORKDIR /build/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --ignore-scripts
COPY web ./
RUN npm run --silent build

FROM python:3.11.15-slim-bookworm AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
COPY requirements.lock requirements-telemetry.lock ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-deps --require-hashes -r requirements.lock \
    && /opt/venv/bin/pip install --no-deps --require-hashes -r requirements-telemetry.lock

FROM python:3.11.15-slim-bookworm
RUN groupadd --gid 10001 sohoa \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/sohoa --shell /usr/sbin/nologin sohoa \
    && install -d -o sohoa -g sohoa -m 0700 /var/lib/sohoa /var/lib/sohoa/keys
COPY --from=packages /opt/venv /opt/venv
WORKDIR /opt/sohoa
COPY pyproject.toml README.md ./
COPY api api
COPY cli cli
COPY core core
COPY flow flow
COPY indexing indexing
COPY ingest ingest
COPY ocr ocr
COPY people people
COPY review review
COPY station station
COPY storage storage
COPY synthesis synthesis
COPY workers workers
COPY web/templates web/templates
COPY web/english.yaml web/english.yaml
COPY --from=pages /build/web/static web/static
# In place: the pages' templates stand beside the code. Compiled now, for the root is read-only later.
RUN /opt/venv/bin/pip install --no-deps --no-build-isolation --no-cache-dir --editable . \
    && /opt/venv/bin/python -m compileall -q /opt/sohoa
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 OMP_THREAD_LIMIT=1 SOHOA_DATA_DIR=/var/lib/sohoa
USER 10001:10001
EXPOSE 8400
ENTRYPOINT ["sohoa"]
CMD ["serve", "api"]

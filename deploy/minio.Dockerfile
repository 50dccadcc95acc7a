# MinIO from its source module: the project's own images are gone. The version is the last state of the archived project;
# Go checks the module against the checksums that the whole Go world sees.
FROM golang:1.24.8-bookworm AS build
ARG MINIO_VERSION=v0.0.0-20260212201848-7aac2a2c5b7c
ENV CGO_ENABLED=0 GOTOOLCHAIN=local
RUN go install -trimpath -ldflags "-s -w" "github.com/minio/minio@${MINIO_VERSION}"

FROM debian:12.12-slim
# curl is for the health check.
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends curl \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10002 minio \
    && useradd --uid 10002 --gid 10002 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin minio \
    && install -d -o minio -g minio -m 0700 /data
COPY --from=build /go/bin/minio /usr/local/bin/minio
USER 10002:10002
VOLUME /data
EXPOSE 9000
ENTRYPOINT ["minio"]
CMD ["server", "--quiet", "--address", ":9000", "--certs-dir", "/run/secrets", "/data"]

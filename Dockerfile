# syntax=docker/dockerfile:1

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# Without --build-arg VERSION=..., the binary is named after its commit.
ARG VERSION=
# Folders that the server writes to, with the modes they need: an empty image
# has no shell to make them later.
RUN version=${VERSION:-$(git describe --tags --always --dirty || echo development)} \
 && CGO_ENABLED=0 go build -trimpath -tags=nomsgpack -ldflags="-s -w -X main.version=$version" -o /image/hearth ./cmd/hearth \
 && install -D -m 644 /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ca-certificates.crt \
 && install -d -m 1777 /image/tmp \
 && install -d -m 700 /owned/data

# The binary is static and carries the time zones; nothing else is in the
# image but the authorities' certificates, with which it checks other servers.
FROM scratch
COPY --from=build /image/ /
COPY --from=build --chown=65532:65532 /owned/ /
USER 65532:65532
ENV HEARTH_LISTEN=0.0.0.0:8080 \
    HEARTH_DATA=/data
VOLUME /data
EXPOSE 8080
# The binary asks itself: there is nothing else here that could.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["/hearth", "health"]
ENTRYPOINT ["/hearth"]
CMD ["serve"]

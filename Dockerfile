# The programs on Debian 12: `build` compiles them with the script that contributors use, `run` holds only what they need.
FROM debian:bookworm AS build
WORKDIR /src
# The packages are a layer of their own, so that a change in a source file does not fetch them again.
COPY dev ./
COPY ops/dev ops/dev
RUN apt-get update -q && apt-get install -y -q --no-install-recommends ca-certificates && ./dev install build
COPY . .
RUN ./dev build release

FROM debian:bookworm-slim AS run
RUN apt-get update -q \
    && apt-get install -y -q --no-install-recommends \
        ca-certificates libboost-json1.81.0 libfmt9 libjemalloc2 libpq5 libprometheus-cpp-core1.0 librdkafka1 libsimdjson14 libspdlog1.10 \
        libssl3 libzstd1 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --no-create-home --uid 10001 nd
COPY --from=build /src/build/release/bin/nd-ingest /src/build/release/bin/nd-writer \
    /src/build/release/bin/nd-enricher /src/build/release/bin/ndctl /usr/local/bin/
USER nd
CMD ["nd-ingest"]

#include "workers/writer_options.hpp"

#include "base/hmac.hpp"
#include "base/pg_url.hpp"

#include "schema/record.hpp"

namespace nd::workers {
namespace {

std::string address_problem(const std::string& text) {
    const auto parsed = base::parse_host_port(text);
    return parsed ? "" : parsed.error().detail;
}

std::string pepper_problem(const std::string& file) {
    const auto pepper = base::read_secret_file(file);
    return pepper ? "" : pepper.error().detail;
}

}  // namespace

writer_settings writer_options::settings() const {
    return {{kafka, "nd-writer", import ? schema::import_group : schema::writer_group,
             import ? schema::import_topic : schema::events_topic},
            {static_cast<std::size_t>(batch_records), static_cast<std::size_t>(batch_bytes)},
            std::chrono::milliseconds(batch_wait_ms)};
}

base::result<bool> read_options(int argc, const char* const* argv, writer_options& into) {
    base::config_reader reader("nd-writer", "Writes events from Kafka into Postgres.");
    base::add_kafka_settings(reader, into.kafka);
    reader
        .text(into.database_url, "database-url", "ND_WRITER_DATABASE_URL",
              "Postgres, as role nd_writer; may lead through PgBouncer")
        .check(base::pg::url_problem)
        .required()
        .secret();
    reader
        .text(into.pepper_file, "key-pepper-file", "ND_KEY_PEPPER_FILE",
              "nd-ingest's file: tombstones and receipts hash persons with it")
        .check(pepper_problem)
        .required();
    reader.boolean(into.import, "import", "ND_WRITER_IMPORT",
                   "store the events of ndctl import (nd.import.v1) instead of the live ones");
    reader
        .text(into.admin_listen, "admin-listen", "ND_WRITER_ADMIN_LISTEN",
              "address and port for /healthz /readyz /metrics; keep it private")
        .check(address_problem);
    reader.number(into.batch_records, 1, 100'000, "batch-records", "ND_BATCH_RECORDS",
                  "records per batch; up to four times as many in a backlog");
    reader.number(into.batch_bytes, 1, 256 << 20, "batch-bytes", "ND_BATCH_BYTES",
                  "bytes of records per batch");
    reader.number(into.batch_wait_ms, 0, 10'000, "batch-wait-ms", "ND_BATCH_WAIT_MS",
                  "how long a record waits for others before it is stored");
    reader.number(into.drain_s, 1, 3600, "drain", "ND_DRAIN",
                  "seconds for the batch in hand after SIGTERM");
    base::add_log_settings(reader, into.log);
    return reader.read(argc, argv);
}

}  // namespace nd::workers

// The tools of one io thread that its sessions share: what each station on a request's way works
// with. Made by io_thread (and by tests), passed by reference; it owns nothing that outlives the
// thread's sessions.
#pragma once

#include "ingest/byte_budget.hpp"
#include "ingest/connection.hpp"
#include "ingest/decompress.hpp"
#include "ingest/http_date.hpp"
#include "ingest/ingest_metrics.hpp"
#include "ingest/key_resolver.hpp"
#include "ingest/limit_store.hpp"
#include "ingest/page_cache.hpp"
#include "ingest/published_pages.hpp"
#include "ingest/reader_desk.hpp"
#include "ingest/record_sink.hpp"
#include "ingest/request_id.hpp"
#include "schema/batch.hpp"
#include "schema/page_redactor.hpp"
#include "schema/page_scan.hpp"
#include "schema/receipt.hpp"
#include "schema/session_hash.hpp"

#include <chrono>

namespace nd::ingest {

struct time_limits {
    std::chrono::milliseconds header{10'000};  // from a request's first byte to the end of its head
    std::chrono::milliseconds body{
        30'000};  // the whole body; also a client that does not read its answer
    std::chrono::milliseconds idle{75'000};  // between requests
};

struct edge {
    key_resolver& keys;
    limit_store& limits;
    record_sink& sink;
    byte_budget& budget;
    ingest_metrics& metrics;
    reader_desk& desk;
    published_pages& published;
    page_cache& shown;
    schema::receipt_keys receipts;
    schema::session_hasher sessions;
    time_limits times;

    connection_set connections = {};
    decompressor unpack = {};
    schema::batch_scanner scanner = {};
    schema::page_scanner page_scanner = {};
    schema::page_redactor redactor = {};
    request_ids ids = {};
    http_date date = {};
};

}  // namespace nd::ingest

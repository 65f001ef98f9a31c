// What is answered, as a value, and how it becomes bytes. post_events and the session make answers;
// only the session writes them. One place knows the headers that every answer carries: the request
// id, CORS, the limit, Retry-After. Pure.
#pragma once

#include "ingest/limit_store.hpp"
#include "ingest/request_id.hpp"
#include "schema/problem.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nd::ingest {

struct answer {
    std::uint16_t status = 200;
    std::string_view content_type = {};  // empty: no body
    std::string body;
    std::string etag = {};        // what may be kept, and asked for again with If-None-Match
    std::string_view allow = {};  // 405 and OPTIONS
    bool preflight = false;       // the CORS permissions too
    bool name_codings = false;    // 415 for a coding says which ones there are
    int retry_after = 0;
    std::optional<admission> limit = {};
};

// The HTTP side of one answer: what the request asked for and what becomes of the connection.
struct delivery {
    request_id id;
    std::optional<std::string_view> origin;
    std::string_view date;  // IMF-fixdate
    bool close = false;
    bool http_1_0 = false;
    bool head_only = false;  // HEAD: the same headers, no body
};

// problem+json with type, title, status, detail, code and request_id.
[[nodiscard]] answer refusal(const schema::problem& why, const request_id& id);

// Appends status line, headers and body.
void write_answer(std::string& out, const answer& what, const delivery& how);

}  // namespace nd::ingest

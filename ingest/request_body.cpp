#include "ingest/request_body.hpp"

#include "ingest/gate.hpp"

#include <fmt/format.h>

#include <utility>

namespace nd::ingest {
namespace {

using schema::problem;
using schema::problem_code;

problem no_room() {
    return {problem_code::busy, "too many bodies are being read at this moment: try again",
            retry_busy};
}

problem body_problem(body_end end, std::string_view advice) {
    switch (end) {
        case body_end::too_large:
            return {problem_code::body_too_large,
                    fmt::format("the body is over 1 MiB: {}", advice)};
        case body_end::slow:
            return {problem_code::request_timeout,
                    "the body did not arrive in time: send the request again"};
        case body_end::no_room: return no_room();
        case body_end::bad: return {problem_code::bad_request, "the chunked body is malformed"};
        default:
            return {problem_code::bad_request, "the body ended before its end: send all of it"};
    }
}

problem unpack_problem(unpacked end, const body_rules& rules) {
    if (end == unpacked::no_room) return no_room();
    if (end == unpacked::too_large)
        return {problem_code::body_too_large,
                fmt::format("the body is more than {} MiB after decompression: {}",
                            rules.most_unpacked >> 20, rules.advice)};
    return {problem_code::bad_encoding, std::string(to_sentence(end))};
}

}  // namespace

std::optional<problem> request_body::unwanted() {
    if (!is_json(head_.content_type.get()))
        return problem{problem_code::unsupported_media_type, "send Content-Type: application/json"};
    const auto named = coding_of(head_.content_encoding);
    if (!named)
        return problem{problem_code::unsupported_encoding,
                       "Content-Encoding is one of gzip, zstd and identity, once"};
    coding_ = *named;
    return std::nullopt;
}

bool request_body::take_now() {
    const auto end = reader_.take_ready(bytes_);
    if (end) end_ = *end;
    return end.has_value();
}

base::task<> request_body::read() {
    end_ = co_await reader_.read(bytes_);
}

std::optional<problem> request_body::unpack() {
    if (end_ != body_end::complete) return body_problem(end_, rules_.advice);
    if (coding_ != coding::identity) {
        body_buffer plain(at_.budget);
        const auto end = at_.unpack.run(coding_, bytes_.view(), plain, rules_.most_unpacked);
        if (end != unpacked::ok) return unpack_problem(end, rules_);
        bytes_ = std::move(plain);
    }
    // An empty body has no padding yet.
    if (bytes_.size() == 0 && !bytes_.make_room(1)) return no_room();
    return std::nullopt;
}

}  // namespace nd::ingest

#include "ingest/reply.hpp"

#include "base/append.hpp"
#include "ingest/cors.hpp"
#include "ingest/limit_header.hpp"

#include <boost/beast/http/status.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace nd::ingest {

using base::append;

namespace {

std::string_view reason_of(std::uint16_t status) {
    const auto text =
        boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
    return {text.data(), text.size()};
}

// A 204 has neither body nor length (RFC 9110 8.6); a 304 would have the length of what it leaves
// out.
void write_content(std::string& out, const answer& what) {
    if (!what.content_type.empty()) append(out, "Content-Type: ", what.content_type, "\r\n");
    if (!what.etag.empty())
        append(out, "ETag: ", what.etag, "\r\nCache-Control: private, no-cache\r\n");
    if (what.status != 204 && what.status != 304)
        append(out, "Content-Length: ", what.body.size(), "\r\n");
}

void write_connection(std::string& out, const delivery& how) {
    if (how.close)
        out += "Connection: close\r\n";
    else if (how.http_1_0)
        out += "Connection: keep-alive\r\n";
}

}  // namespace

answer refusal(const schema::problem& why, const request_id& id) {
    const auto& kind = schema::kind_of(why.code);
    boost::json::object body;
    body["type"] = schema::type_uri(why.code);
    body["title"] = kind.title;
    body["status"] = kind.status;
    body["detail"] = why.detail;
    body["code"] = kind.code;
    body["request_id"] = id.view();
    answer made;
    made.status = kind.status;
    made.content_type = "application/problem+json";
    made.body = boost::json::serialize(body);
    made.retry_after = why.retry_after;
    made.name_codings = why.code == schema::problem_code::unsupported_encoding;
    return made;
}

void write_answer(std::string& out, const answer& what, const delivery& how) {
    append(out, "HTTP/1.1 ", what.status, " ", reason_of(what.status), "\r\nDate: ", how.date,
           "\r\nX-Request-Id: ", how.id.view(), "\r\n");
    write_content(out, what);
    write_cors(out, how.origin);
    if (what.preflight) write_preflight(out, what.allow);
    if (!what.allow.empty()) append(out, "Allow: ", what.allow, "\r\n");
    if (what.name_codings) out += "Accept-Encoding: gzip, zstd, identity\r\n";
    if (what.limit) write_rate_limit(out, *what.limit);
    if (what.retry_after > 0) append(out, "Retry-After: ", what.retry_after, "\r\n");
    write_connection(out, how);
    out += "\r\n";
    if (!how.head_only) out += what.body;
}

}  // namespace nd::ingest

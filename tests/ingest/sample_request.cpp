#include "tests/ingest/sample_request.hpp"

#include "ingest/request_id.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <boost/json/serialize.hpp>

#include <zlib.h>
#include <zstd.h>

#include <ctime>
#include <stdexcept>

namespace nd::tests {

std::string fresh_id() {
    static ingest::request_ids ids;
    return std::string(ids.next().view());
}

std::string time_text(std::int64_t seconds_from_now) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr) + seconds_from_now));
}

std::string event(const std::string& extra) {
    return fmt::format(R"({{"event_id":"{}","name":"clicked","occurred_at":"{}"{}}})", fresh_id(),
                       time_text(), extra);
}

std::string batch(const std::string& events) {
    return "{\"events\":[" + events + "]}";
}

std::string batch_of(std::size_t count) {
    std::string events;
    for (std::size_t i = 0; i < count; ++i)
        events += (i == 0 ? "" : ",") + event();
    return batch(events);
}

std::string request::text() const {
    std::string made = line + "\r\nHost: localhost\r\n";
    if (!key.empty()) made += "X-ND-Key: " + key + "\r\n";
    made += headers;
    if (length) made += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return made + "\r\n" + body;
}

request good_request(const std::string& key, std::size_t events) {
    request what;
    what.key = key;
    what.body = batch_of(events);
    return what;
}

std::string gzip(const std::string& plain, int window_bits) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, plain.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int code = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (code != Z_STREAM_END) throw std::runtime_error("deflate");
    return out;
}

// Flushed before its end when a window is asked for: a frame of known size would take the size as
// its window.
std::string zstd(const std::string& plain, int window_log) {
    auto* context = ZSTD_createCCtx();
    if (window_log > 0) ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    std::string out(ZSTD_compressBound(plain.size()) + 64, '\0');
    ZSTD_inBuffer from{plain.data(), plain.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    if (window_log > 0) ZSTD_compressStream2(context, &to, &from, ZSTD_e_flush);
    const auto left = ZSTD_compressStream2(context, &to, &from, ZSTD_e_end);
    ZSTD_freeCCtx(context);
    if (left != 0) throw std::runtime_error("zstd");
    out.resize(to.pos);
    return out;
}

boost::json::object json_of(const http_answer& from) {
    boost::system::error_code ec;
    const auto value = boost::json::parse(from.body, ec);
    return !ec && value.is_object() ? value.as_object() : boost::json::object();
}

std::string member(const http_answer& from, std::string_view name) {
    const auto object = json_of(from);
    const auto* value = object.if_contains(name);
    if (value == nullptr) return "";
    return value->is_string() ? std::string(value->as_string()) : boost::json::serialize(*value);
}

}  // namespace nd::tests

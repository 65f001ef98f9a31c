#include "ingest/cors.hpp"

namespace nd::ingest {

// Vary comes without an Origin too: a cache must not give that answer to a browser that sent one.
void write_cors(std::string& out, std::optional<std::string_view> origin) {
    out += "Vary: Origin\r\n";
    if (!origin) return;
    out += "Access-Control-Allow-Origin: ";
    out += *origin;
    out +=
        "\r\nAccess-Control-Expose-Headers: ETag, Retry-After, RateLimit, RateLimit-Policy, "
        "X-Request-Id\r\n";
}

void write_preflight(std::string& out, std::string_view methods) {
    out += "Access-Control-Allow-Methods: ";
    out += methods;
    out +=
        "\r\nAccess-Control-Allow-Headers: content-type, content-encoding, if-none-match, "
        "x-nd-key\r\n"
        "Access-Control-Max-Age: 7200\r\n";
}

}  // namespace nd::ingest

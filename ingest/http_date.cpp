#include "ingest/http_date.hpp"

#include <fmt/chrono.h>

namespace nd::ingest {

std::string_view http_date::at(std::time_t now) {
    if (now != made_for_) {
        // %a and %b follow the locale; the program never sets one, so they are the C locale's, as
        // RFC 9110 wants.
        text_ = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(now));
        made_for_ = now;
    }
    return text_;
}

}  // namespace nd::ingest

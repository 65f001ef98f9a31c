#include "base/result.hpp"

#include <stdexcept>

namespace nd::base {

std::string_view to_string(errc code) noexcept {
    switch (code) {
        case errc::ok: return "ok";
        case errc::invalid: return "invalid";
        case errc::not_found: return "not_found";
        case errc::busy: return "busy";
        case errc::unavailable: return "unavailable";
        case errc::refused: return "refused";
        case errc::conflict: return "conflict";
        case errc::data: return "data";
        case errc::internal: return "internal";
    }
    return "unknown";
}

void throw_exception_from_error(const error& e, const boost::source_location& where) {
    throw std::logic_error(std::string("value() of an error at ") + where.file_name() + ":" +
                           std::to_string(where.line()) + ": " + e.detail);
}

}  // namespace nd::base

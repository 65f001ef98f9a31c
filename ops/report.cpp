#include "ops/report.hpp"

#include <fmt/format.h>
#include <boost/json/serialize.hpp>

namespace nd::ops {

exit_status to_exit_status(base::errc code) {
    switch (code) {
        case base::errc::ok: return exit_status::fine;
        case base::errc::invalid: return exit_status::usage;
        case base::errc::busy:
        case base::errc::unavailable: return exit_status::unreachable;
        case base::errc::not_found:
        case base::errc::refused:
        case base::errc::conflict:
        case base::errc::data:
        case base::errc::internal: return exit_status::finding;
    }
    return exit_status::finding;
}

std::string rendered(const report& said, bool as_json) {
    if (as_json) return boost::json::serialize(said.data) + "\n";
    auto text = said.text;
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    return text + "\n";
}

std::string rendered(const base::error& error, bool as_json) {
    auto detail = error.detail;
    while (!detail.empty() && detail.back() == '\n')
        detail.pop_back();
    if (!as_json) return fmt::format("ndctl: {}\n", detail);
    boost::json::object inner{{"code", base::to_string(error.code)}, {"detail", detail}};
    if (!error.sqlstate.empty()) inner["sqlstate"] = error.sqlstate;
    return boost::json::serialize(boost::json::object{{"error", inner}}) + "\n";
}

}  // namespace nd::ops

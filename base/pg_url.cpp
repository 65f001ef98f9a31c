#include "base/pg_url.hpp"

#include <libpq-fe.h>

#include <memory>
#include <string_view>

namespace nd::base::pg {
namespace {

struct free_options {
    void operator()(PQconninfoOption* owned) const { PQconninfoFree(owned); }
};
struct free_text {
    void operator()(char* owned) const { PQfreemem(owned); }
};

// libpq would take the end of an unescaped password for a host or a database, and name it in its
// complaint that there is none such.
bool holds_stray_at(std::string_view text) {
    if (!text.starts_with("postgresql://") && !text.starts_with("postgres://")) return false;
    const auto rest = text.substr(text.find("://") + 3);
    const auto at = rest.rfind('@');
    return at != std::string_view::npos && rest.find_first_of("@/?#") != at;
}

}  // namespace

result<connection_url> parse_connection_url(const std::string& text) {
    char* reason = nullptr;
    const std::unique_ptr<PQconninfoOption, free_options> options(
        PQconninfoParse(text.c_str(), &reason));
    const std::unique_ptr<char, free_text> owned(reason);
    if (!options || holds_stray_at(text)) {
        // libpq quotes what it could not read, which may be the password: its reason stays here.
        return failure(
            errc::invalid,
            "is not a Postgres URL: write postgresql://user:password@host:port/database, with "
            "special characters of the password as %XX");
    }
    connection_url parts;
    for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
        const std::string_view name = option->keyword;
        const std::string value = option->val == nullptr ? "" : option->val;
        if (name == "user") parts.user = value;
        if (name == "password") parts.password = value;
        if (name == "host") parts.host = value;
        if (name == "dbname") parts.database = value;
    }
    return parts;
}

std::string url_problem(const std::string& text) {
    const auto parsed = parse_connection_url(text);
    return parsed ? "" : parsed.error().detail;
}

}  // namespace nd::base::pg

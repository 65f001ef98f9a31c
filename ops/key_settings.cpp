#include "ops/key_settings.hpp"

#include "ops/grace.hpp"
#include "ops/origin_text.hpp"
#include "schema/instant.hpp"
#include "schema/scope.hpp"

#include <fmt/format.h>

#include <sstream>

namespace nd::ops {
namespace {

void note(std::string& problems, const base::error& problem) {
    problems += (problems.empty() ? "" : "\n       ") + problem.detail;
}

}  // namespace

base::result<std::vector<std::string>> parse_scopes(const std::string& text) {
    schema::scope_set given;
    std::istringstream words(text);
    for (std::string word; std::getline(words, word, ',');) {
        const auto known = schema::parse_scope(word);
        if (!known) {
            return base::failure(
                base::errc::invalid,
                fmt::format("--scopes: \"{}\" is no scope; there are events, schema and chat, "
                            "written events,schema,chat",
                            word));
        }
        given.add(*known);
    }
    if (given.empty())
        return base::failure(base::errc::invalid, "--scopes: a key needs at least one scope");
    std::vector<std::string> scopes;
    for (const auto scope : schema::scopes) {
        if (given.has(scope)) scopes.emplace_back(to_string(scope));
    }
    return scopes;
}

base::result<key_expiry> parse_expiry(const std::string& text,
                                      std::chrono::system_clock::time_point now) {
    if (text.empty() || text == "never") return key_expiry{};
    if (const auto span = parse_grace(text); span && span->count() > 0)
        return key_expiry{{}, span->count()};
    const auto at = schema::parse_instant(text);
    if (at.fault != schema::time_fault::none) {
        return base::failure(
            base::errc::invalid,
            fmt::format("--expires \"{}\": write never, a time span like 90d, or a time like "
                        "2027-01-01T00:00:00Z",
                        text));
    }
    if (std::chrono::system_clock::time_point(std::chrono::microseconds(at.at.us)) <= now) {
        return base::failure(base::errc::invalid,
                             fmt::format("--expires {} has passed already", text));
    }
    return key_expiry{to_string(at.at), {}};
}

base::result<key_settings> read_key_words(const key_words& words,
                                          std::chrono::system_clock::time_point now) {
    key_settings settings;
    std::string problems;
    settings.browser_only = words.browser_only;
    if (const auto env = schema::parse_environment(words.environment)) {
        settings.env = *env;
    } else {
        note(problems, base::failure(base::errc::invalid,
                                     fmt::format("--environment \"{}\": write live or test",
                                                 words.environment)));
    }
    auto scopes = parse_scopes(words.scopes);
    if (scopes)
        settings.scopes = *scopes;
    else
        note(problems, scopes.error());
    for (const auto& origin : words.origins) {
        auto normal = normal_origin(origin);
        if (normal)
            settings.origins.push_back(*normal);
        else
            note(problems, normal.error());
    }
    auto expiry = parse_expiry(words.expires, now);
    if (expiry)
        settings.expiry = *expiry;
    else
        note(problems, expiry.error());
    if (!problems.empty()) return base::failure(base::errc::invalid, problems);
    return settings;
}

}  // namespace nd::ops

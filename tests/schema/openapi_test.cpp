#include "schema/openapi.hpp"
#include "schema/event.hpp"
#include "schema/limits.hpp"
#include "schema/problem.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>
#include <string>
#include <vector>

using namespace nd::schema;

namespace {

// The block of the document that starts with this line, up to the next line of the same depth.
std::string_view block(std::string_view line) {
    const std::string start = fmt::format("\n{}\n", line);
    const auto from = openapi_yaml.find(start);
    REQUIRE(from != std::string_view::npos);
    const auto depth = line.find_first_not_of(' ');
    std::size_t to = from + start.size();
    while (to < openapi_yaml.size()) {
        const auto text = openapi_yaml.find_first_not_of(' ', to);
        if (text - to <= depth) break;
        to = openapi_yaml.find('\n', to) + 1;
    }
    return openapi_yaml.substr(from, to - from);
}

// Whether one of the blocks that start with this line has the word.
bool described(const std::string& line, std::string_view word) {
    const std::string start = fmt::format("\n{}\n", line);
    for (auto from = openapi_yaml.find(start); from != std::string_view::npos;
         from = openapi_yaml.find(start, from + 1)) {
        const auto end = openapi_yaml.find("\n        \"", from + start.size());
        if (openapi_yaml.substr(from, end - from).find(word) != std::string_view::npos) return true;
    }
    return false;
}

std::vector<std::string> listed(std::string_view schema) {
    std::vector<std::string> found;
    std::string_view rest = block(schema);
    for (auto at = rest.find("        - "); at != std::string_view::npos;
         at = rest.find("        - ")) {
        rest.remove_prefix(at + 10);
        found.emplace_back(rest.substr(0, rest.find('\n')));
    }
    return found;
}

}  // namespace

TEST_CASE("openapi.yaml lists the codes of events, all and no others, in their order") {
    std::vector<std::string> codes;
    for (std::uint8_t i = 0; i < event_code_count; ++i) {
        codes.emplace_back(to_string(static_cast<event_code>(i)));
    }
    CHECK(listed("    event_code:") == codes);
}

TEST_CASE("openapi.yaml lists the codes of problems and names each at its status") {
    std::vector<std::string> codes;
    for (std::uint8_t i = 0; i < problem_code_count; ++i) {
        const auto& kind = kind_of(static_cast<problem_code>(i));
        codes.emplace_back(kind.code);
        if (kind.status == 404) continue;  // another address than the described ones
        CAPTURE(kind.code);
        CHECK(described(fmt::format("        \"{}\":", kind.status), kind.code));
    }
    CHECK(listed("    problem_code:") == codes);
    CHECK(std::set<std::string>(codes.begin(), codes.end()).size() == codes.size());
}

TEST_CASE("openapi.yaml has the limits of the code") {
    const auto has = [](const std::string& text) {
        CAPTURE(text);
        CHECK(openapi_yaml.find(text) != std::string_view::npos);
    };
    has(fmt::format("maxItems: {}\n", max_events));
    has(fmt::format("name: {{type: string, minLength: 1, maxLength: {}}}", max_name_bytes));
    for (const auto& [member, bytes] : {std::pair("session_id", max_session_id_bytes),
                                        {"user_id", max_user_id_bytes},
                                        {"page", max_page_bytes}}) {
        has(fmt::format("{}: {{type: [string, \"null\"], maxLength: {}}}", member, bytes));
    }
}

TEST_CASE("every problem has a type of its own, the registered one where there is one") {
    CHECK(type_uri(problem_code::rate_limited) ==
          "https://iana.org/assignments/http-problem-types#quota-exceeded");
    CHECK(type_uri(problem_code::not_json) == "https://activationkit.com/problems/not_json");
}

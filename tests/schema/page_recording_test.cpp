// The recorded pages of real applications, as an SDK would send them: what their authors wrote must
// come through.
#include "tests/schema/page_support.hpp"

#include <doctest/doctest.h>
#include <simdjson.h>

#include <zlib.h>

#include <map>
#include <stdexcept>
#include <vector>

using namespace nd;
using namespace nd::test;

namespace {

std::vector<std::string> recorded_pages() {
    gzFile file = gzopen(ND_RECORDED_PAGES, "rb");
    if (file == nullptr) throw std::runtime_error("no recording at " ND_RECORDED_PAGES);
    std::string all;
    std::vector<char> piece(1 << 16);
    for (int got = 0; (got = gzread(file, piece.data(), static_cast<unsigned>(piece.size()))) > 0;)
        all.append(piece.data(), static_cast<std::size_t>(got));
    gzclose(file);
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < all.size();) {
        const auto end = all.find('\n', at);
        lines.push_back(all.substr(at, end - at));
        at = end == std::string::npos ? all.size() : end + 1;
    }
    return lines;
}

struct kept {
    std::size_t all = 0;
    std::size_t same = 0;
    std::map<std::string, int> changed;

    void count(std::string_view from, std::string_view to) {
        ++all;
        if (from == to)
            ++same;
        else
            ++changed[std::string(from) + " -> " + std::string(to)];
    }
};

// By simdjson's own parser, so that scanner and redactor are not judged by themselves. The recorded
// elements stand in document order.
void compare(const std::string& line, const schema::safe_page& page, kept& names, kept& sections) {
    static simdjson::dom::parser parser;
    const simdjson::dom::element recorded = parser.parse(line);
    std::size_t place = 0;
    for (const simdjson::dom::element one : recorded["elements"].get_array()) {
        const auto& made = page.elements()[place++];
        const std::string_view name = one["name"];
        REQUIRE(std::string_view(one["role"]) != "");
        sections.count(one["section"], made.section);
        const bool authored =
            schema::naming_of(made.role, made.state.level()) == schema::naming::authored;
        if (authored && !name.empty())
            names.count(name, made.name);
        else
            CHECK((made.name.empty() || made.name == "[content]"));
    }
    CHECK(place == page.elements().size());
}

}  // namespace

TEST_CASE("at least 99 % of the names that authors gave come through unchanged") {
    kept names;
    kept sections;
    const auto pages = recorded_pages();
    REQUIRE(pages.size() > 200);
    for (const auto& line : pages) {
        constexpr schema::instant later{noon.us + 365 * 86'400'000'000};  // than the recording
        const auto page = redacted(line, nullptr, later);
        REQUIRE_MESSAGE(page.has_value(), page.error().detail);
        compare(line, *page, names, sections);
    }
    const double share = static_cast<double>(names.same) / static_cast<double>(names.all);
    MESSAGE(names.same, " of ", names.all, " names unchanged: ", share);
    for (const auto& [change, times] : names.changed)
        MESSAGE(times, " x ", change);
    CHECK(names.all > 30'000);
    CHECK(share >= 0.99);
    CHECK(sections.same == sections.all);
}

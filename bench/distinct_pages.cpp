#include "bench/distinct_pages.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <limits>
#include <stdexcept>
#include <string_view>

namespace nd::bench {
namespace {

constexpr schema::instant any_time{std::numeric_limits<std::int64_t>::max() / 2};

// Digits would become `#`, and two pages one.
constexpr std::array<std::string_view, 40> words = {
    "account",  "answer",  "archive",  "button",  "calendar", "campaign", "change",  "chart",
    "client",   "column",  "comment",  "contact", "country",  "customer", "default", "delivery",
    "detail",   "display", "export",   "filter",  "folder",   "general",  "group",   "history",
    "import",   "invoice", "language", "member",  "message",  "network",  "order",   "payment",
    "planning", "product", "project",  "report",  "security", "service",  "support", "template"};

}  // namespace

std::string distinct_pages::record(std::uint64_t number) {
    const auto word = [&number](std::uint64_t divisor) {
        return words[number / divisor % words.size()];
    };
    const auto one = word(1), two = word(words.size()), three = word(words.size() * words.size());
    auto page = pages_[number % pages_.size()];
    page["page"] = fmt::format("/{}/{}/{}", three, two, one);
    auto& elements = page.at("elements").as_array();
    elements.push_back({{"ref", elements.size() + 1},
                        {"role", "button"},
                        {"name", fmt::format("{} {} {}", three, two, one)}});
    auto text = boost::json::serialize(page);
    const auto size = text.size();
    text.resize(size + schema::page_padding);
    const auto raw = scanner_.scan(text.data(), size, any_time);
    if (!raw) throw std::runtime_error("a recorded page is refused: " + raw.error().detail);
    const auto safe = redactor_.redact(*raw, {});
    if (!safe) throw std::runtime_error("a recorded page is no tree: " + safe.error().detail);
    std::string made;
    schema::write_page_record(*safe, made);
    return made;
}

}  // namespace nd::bench

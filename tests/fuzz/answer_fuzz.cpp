// Any bytes as what a model service sends: the first says as what. Whatever comes, it is read or
// refused, and what is read stays within its bounds and on the page that was asked about.
#include "model/api_fault.hpp"
#include "model/batch_object.hpp"
#include "model/batch_output.hpp"
#include "model/enrich_answer.hpp"
#include "model/go_duration.hpp"
#include "model/price_list.hpp"
#include "model/rate_reading.hpp"
#include "model/response_answer.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace nd;

void require(bool holds) {
    if (!holds) std::abort();
}

const std::vector<model::asked_page>& asked() {
    using schema::aria_role;
    static const std::vector<model::asked_page> pages{
        {"1", {{aria_role::button, "Save", "main", 0}, {aria_role::link, "Home", "side", 0}}},
        {"2", {}}};
    return pages;
}

void judge_notes(std::string_view text) {
    const auto read = model::read_enrich_answer(text, asked());
    if (!read) return;
    require(read->pages.size() == 2);
    const auto& first = asked()[0].elements;
    const auto is_asked = [&](const schema::element_key& key) {
        return std::find(first.begin(), first.end(), key) != first.end();
    };
    for (const auto& page : read->pages) {
        if (!page) continue;
        require(page->elements.size() <= first.size() && page->tours.size() <= 3);
        for (const auto& one : page->elements)
            require(is_asked(one.key) && one.label.size() <= 120 && one.purpose.size() <= 400);
        for (const auto& tour : page->tours)
            for (const auto& step : tour.steps)
                require(is_asked(step.element) && step.say.find("://") == std::string::npos);
    }
}

void judge_headers(std::string_view text) {
    const auto half = text.size() / 2;
    const base::http_headers headers{
        {"retry-after", std::string(text.substr(0, half))},
        {"retry-after-ms", std::string(text.substr(half))},
        {"x-ratelimit-limit-tokens", "100"},
        {"x-ratelimit-remaining-tokens", std::string(text.substr(0, half))},
        {"x-ratelimit-reset-tokens", std::string(text)}};
    const auto fault = model::judge_reply(429, headers, text, 0);
    if (fault.after) require(fault.after->count() >= 0 && *fault.after <= std::chrono::hours(24));
    if (fault.rate.tokens.whole_in) require(fault.rate.tokens.whole_in->count() >= 0);
    if (fault.rate.tokens.left) require(*fault.rate.tokens.left >= 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 6) {
        case 0: judge_notes(text); break;
        case 1: static_cast<void>(model::read_response(text)); break;
        case 2: {
            const auto half = text.size() / 2;
            const auto read = model::read_batch_output(text.substr(0, half), text.substr(half));
            for (const auto& line : read.lines)
                require(!line.custom_id.empty() && line.status >= 0 && line.status <= 999);
            break;
        }
        case 3:
            static_cast<void>(model::read_batch(text));
            static_cast<void>(model::read_batch_list(text));
            break;
        case 4: judge_headers(text); break;
        default: static_cast<void>(model::price_list::parse(text)); break;
    }
    return 0;
}

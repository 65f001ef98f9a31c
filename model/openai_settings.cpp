#include "model/openai_settings.hpp"

#include "base/http_url.hpp"
#include "model/price_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace nd::model {
namespace {

std::string url_problem(const std::string& url) {
    const auto read = base::parse_http_url(url);
    return read ? "" : read.error().detail;
}

std::string effort_problem(const std::string& effort) {
    constexpr std::array<std::string_view, 7> known{"none", "minimal", "low", "medium",
                                                    "high", "xhigh",   "max"};
    if (effort.empty() || std::find(known.begin(), known.end(), effort) != known.end()) return "";
    return "it is none, minimal, low, medium, high, xhigh, max or empty";
}

std::string price_problem(const openai_settings& from) {
    const auto prices = price_list::parse(from.prices);
    if (!prices) return prices.error().detail;
    if (prices->of(from.model)) return "";
    return fmt::format(
        "--openai-prices has no price for --openai-model {}: add {}=INPUT/CACHED/OUTPUT "
        "in dollars per million tokens",
        from.model, from.model);
}

}  // namespace

void add_openai_settings(base::config_reader& reader, openai_settings& settings) {
    reader
        .text(settings.url, "openai-url", "ND_OPENAI_URL",
              "base URL of the Responses API: OpenAI, Azure (.../openai/v1) or a gateway")
        .check(url_problem);
    reader
        .text(settings.key_file, "openai-key-file", "ND_OPENAI_KEY_FILE",
              "file with the API key, readable by its owner only; without one nothing is asked")
        .readable_file();
    reader
        .text(settings.trust_file, "openai-trust-file", "ND_OPENAI_TRUST_FILE",
              "PEM certificates to trust instead of the system's")
        .readable_file();
    reader.text(settings.model, "openai-model", "ND_OPENAI_MODEL", "the model's name");
    reader
        .text(settings.effort, "openai-effort", "ND_OPENAI_EFFORT",
              "reasoning effort; empty for a model without it")
        .check(effort_problem);
    reader.text(settings.prices, "openai-prices", "ND_OPENAI_PRICES",
                "MODEL=INPUT/CACHED/OUTPUT,... in dollars per million tokens");
    reader.number(settings.patience_s, 1, 3600, "openai-patience", "ND_OPENAI_PATIENCE",
                  "seconds to wait for one answer");
    reader.also([&settings] { return price_problem(settings); });
}

}  // namespace nd::model

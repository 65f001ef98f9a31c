#include "model/price_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace nd::model {
namespace {

base::error wrong(std::string_view part) {
    return base::failure(
        base::errc::invalid,
        fmt::format("prices: '{}' is not MODEL=INPUT/CACHED/OUTPUT in dollars per million tokens, "
                    "e.g. gpt-5-mini=0.25/0.025/2",
                    part));
}

// Exact: a decimal of at most three places, times a thousand.
std::optional<nano_dollars> price_of(std::string_view text) {
    const auto dot = std::min(text.find('.'), text.size());
    const auto whole = text.substr(0, dot);
    const auto places = dot < text.size() ? text.substr(dot + 1) : std::string_view("0");
    if (whole.empty() || whole.size() > 6 || places.empty() || places.size() > 3)
        return std::nullopt;
    const auto digits = fmt::format("{}{:0<3}", whole, places);
    nano_dollars value = 0;
    const auto* end = digits.data() + digits.size();
    const auto [stop, ec] = std::from_chars(digits.data(), end, value);
    if (ec != std::errc() || stop != end || value < 0) return std::nullopt;
    return value;
}

std::optional<token_price> prices_of(std::string_view text) {
    std::array<nano_dollars, 3> all{};
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto end = i + 1 < all.size() ? text.find('/') : text.size();
        if (end == text.npos) return std::nullopt;
        const auto one = price_of(text.substr(0, end));
        if (!one) return std::nullopt;
        all[i] = *one;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return token_price{all[0], all[1], all[2]};
}

}  // namespace

base::result<price_list> price_list::parse(std::string_view text) {
    price_list made;
    while (!text.empty()) {
        const auto end = std::min(text.find(','), text.size());
        const auto part = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto equals = std::min(part.find('='), part.size());
        const auto price = prices_of(part.substr(std::min(equals + 1, part.size())));
        if (equals == 0 || !price) return wrong(part);
        made.prices_[std::string(part.substr(0, equals))] = *price;
    }
    return made;
}

std::optional<token_price> price_list::of(std::string_view model) const {
    std::optional<token_price> found;
    std::size_t longest = 0;
    for (const auto& [name, price] : prices_) {
        const bool whole = model == name || model.starts_with(name + "-");
        if (!whole || name.size() < longest) continue;
        longest = name.size();
        found = price;
    }
    return found;
}

nano_dollars cost_of(const token_usage& used, const token_price& price, call_way way) noexcept {
    const auto cached = std::clamp<std::int64_t>(used.cached, 0, used.input);
    const auto whole =
        (used.input - cached) * price.input + cached * price.cached + used.output * price.output;
    return way == call_way::batch ? (whole + 1) / 2 : whole;
}

}  // namespace nd::model

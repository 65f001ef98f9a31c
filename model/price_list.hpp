// What calls cost, by model, as the operator says it: services change prices, so the list is a
// setting. Pure. Used before a call (the budget) and after it (the ledger).
#pragma once

#include "base/result.hpp"
#include "model/token_usage.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace nd::model {

// US dollars are counted in billionths: a price of 0.001 per million tokens is 1 per token.
using nano_dollars = std::int64_t;

struct token_price {
    nano_dollars input = 0;
    nano_dollars cached = 0;
    nano_dollars output = 0;
};

enum class call_way { fresh, batch };  // a batch costs half

class price_list {
  public:
    // "gpt-5-mini=0.25/0.025/2,other=1/0.1/8": dollars per million tokens of input, cached input
    // and output, with up to three decimals. errc::invalid shows the part that is wrong.
    [[nodiscard]] static base::result<price_list> parse(std::string_view text);

    // The longest name that the model's begins with: "gpt-5-mini-2025-08-07" costs what
    // "gpt-5-mini" does. nullopt: no price is known.
    [[nodiscard]] std::optional<token_price> of(std::string_view model) const;

  private:
    std::map<std::string, token_price, std::less<>> prices_;
};

// Rounded up to the next billionth. `cached` counts as part of `input` and never more than that.
[[nodiscard]] nano_dollars cost_of(const token_usage& used, const token_price& price,
                                   call_way way) noexcept;

}  // namespace nd::model

// The input file of a batch: a line of JSON for each request. Pure. Bounded by what the service
// takes, or by less.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>

namespace nd::model {

struct batch_bounds {
    std::size_t lines = 50'000;
    std::size_t bytes = 200'000'000;
};

class batch_input {
  public:
    explicit batch_input(batch_bounds most = {}) : most_(most) {}

    // `custom_id` is what the answer is found by (at most 64 characters), `body` the JSON text of
    // the request.
    enum class added { yes, full, repeated };
    [[nodiscard]] added add(std::string_view custom_id, std::string_view body);

    [[nodiscard]] std::size_t lines() const noexcept { return ids_.size(); }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

  private:
    batch_bounds most_;
    std::string text_;
    std::unordered_set<std::string> ids_;
};

}  // namespace nd::model

// The id on every answer: a random version 4 UUID as text. One maker per io thread.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string_view>

namespace nd::ingest {

struct request_id {
    std::array<char, 36> text{};
    [[nodiscard]] std::string_view view() const { return {text.data(), text.size()}; }
};

// It only has to be unique, not secret: a generator seeded once from the system costs 20 ns instead
// of a system call.
class request_ids {
  public:
    request_ids();
    [[nodiscard]] request_id next();

  private:
    std::mt19937_64 engine_;
};

}  // namespace nd::ingest

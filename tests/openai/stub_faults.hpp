// The faults that a test ordered: each hits so many of the next calls of its kind. Pure.
#pragma once

#include <boost/json/value.hpp>

#include <chrono>
#include <deque>
#include <optional>
#include <string>

namespace nd::tests {

struct stub_fault {
    std::string on;  // responses, files, content, batches (every call), batch (what becomes of one)
    std::string kind;  // see kinds_of()
    int times = 1;
    int status = 500;                 // of `status`
    std::string retry_after;          // the header's value, of `rate_limit` and `status`
    std::string should_retry;         // x-should-retry, likewise
    std::chrono::milliseconds ms{0};  // of `slow`
};

class stub_faults {
  public:
    // A sentence about what is wrong with the order, or nullopt.
    [[nodiscard]] std::optional<std::string> order(const boost::json::value& from);
    // The next fault for a call of that kind, used up by it.
    [[nodiscard]] std::optional<stub_fault> next(const std::string& on);
    void clear() { ordered_.clear(); }

  private:
    std::deque<stub_fault> ordered_;
};

}  // namespace nd::tests

// The Date header's value, made once a second instead of once a request. One per io thread.
#pragma once

#include <ctime>
#include <string>
#include <string_view>

namespace nd::ingest {

class http_date {
  public:
    // Valid until the next call.
    [[nodiscard]] std::string_view at(std::time_t now);

  private:
    std::time_t made_for_ = -1;
    std::string text_;
};

}  // namespace nd::ingest

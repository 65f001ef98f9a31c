// One event out of a Kafka record's value, by the same rules as at the edge except the bound on the
// future: the writer must not depend on its own clock. Called by the writer for each record; one
// scanner per thread.
#pragma once

#include "base/result.hpp"
#include "schema/event.hpp"

#include <memory>
#include <string_view>

namespace nd::schema {

class event_scanner {
  public:
    event_scanner();
    ~event_scanner();
    event_scanner(event_scanner&&) noexcept;
    event_scanner& operator=(event_scanner&&) noexcept;

    // Copies the record into a padded buffer of its own: the view lives until the next scan(),
    // whatever happens to the record. errc::data when it is no event; `detail` is "code: sentence",
    // the reason for nd.dead.v1.
    [[nodiscard]] base::result<event_view> scan(std::string_view record);

  private:
    struct inside;
    std::unique_ptr<inside> inside_;
};

}  // namespace nd::schema

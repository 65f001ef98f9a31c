// What must hold for any bytes that are scanned as a batch, judged with Boost.JSON, which shares no
// code with the scanner. Used by the property test and by the fuzz target.
#pragma once

#include "schema/batch.hpp"
#include "schema/event_scan.hpp"

#include <string>
#include <string_view>

namespace nd::test {

class batch_oracle {
  public:
    // Empty if all holds, else what does not.
    [[nodiscard]] std::string disagreement(std::string_view body);

  private:
    [[nodiscard]] std::string of_problem(const schema::problem& problem, bool is_json) const;
    [[nodiscard]] std::string of_event(const schema::event_view& event);

    schema::batch_scanner scanner_;
    schema::event_scanner writer_;
};

}  // namespace nd::test

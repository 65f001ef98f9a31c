// A call that a test has the stand-in hold, before it acts on it or after: whoever asked is then at
// exactly that step, and may be killed there. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>

namespace nd::tests {

class stub_holds {
  public:
    // {"on": "POST /v1/batches", "nth": 1, "when": "before" | "after"}: the nth such call from now
    // on, in the place of the one ordered before; null lets go. A sentence about what is wrong, or
    // nullopt.
    [[nodiscard]] std::optional<std::string> order(const boost::json::value& from);

    // `before`: the call is held and never acted on, as if it had been lost on its way. `after`: it
    // is acted on, and its answer held.
    enum class meets { nothing, before, after };
    [[nodiscard]] meets next(const std::string& operation);

    // {"reached": whether the call is held now}
    [[nodiscard]] boost::json::object to_json() const;
    [[nodiscard]] bool holding() const noexcept { return reached_; }

  private:
    std::string on_;  // an operation; "": nothing is ordered
    int left_ = 0;    // calls until the one that is meant
    meets how_ = meets::nothing;
    bool reached_ = false;
};

}  // namespace nd::tests

// The batches of nd.page_batches: their states, moved one step at a time. Edge code on the job
// desk's connection.
#pragma once

#include "workers/asked_json.hpp"
#include "workers/job_desk.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nd::workers {

struct known_batch {
    schema::tenant_id tenant;
    std::string ref;  // UUID, ours
    std::string state = "preparing";
    std::string input_file_id{};
    std::string batch_id{};  // the service's
    bool cancel = false;
    std::chrono::seconds age{0};  // when it was picked
};

struct open_call {
    std::string id;
    asked_call asked;
};

class batch_desk {
  public:
    explicit batch_desk(job_desk& jobs) : jobs_(jobs) {}

    // A new one, for who puts it together within `lease`.
    [[nodiscard]] base::result<known_batch> add(const schema::tenant_id& tenant,
                                                std::chrono::seconds lease);
    // One that is due, of any tenant's, leased.
    [[nodiscard]] base::result<std::optional<known_batch>> pick(std::chrono::seconds lease);
    // To a state, if nobody else has moved it; errc::conflict then. `which` is as it is there now.
    [[nodiscard]] base::result<> move(known_batch& which, std::string_view state,
                                      std::chrono::seconds next, const std::string& outcome = {});
    // Its requests without an answer yet.
    [[nodiscard]] base::result<std::vector<open_call>> open_calls(const known_batch& which);

  private:
    job_desk& jobs_;
};

}  // namespace nd::workers

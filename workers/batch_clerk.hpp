// nd-enricher's other way to the model: what may wait a day goes as one tenant's batch, at half the
// price. Each step of a batch is written before the next is taken, so that after a crash anyone can
// go on; and a batch that may have been created is looked for by its metadata before it is created
// again. Runs on the asker's thread.
#pragma once

#include "base/retry.hpp"
#include "model/batch_input.hpp"
#include "model/batch_output.hpp"
#include "workers/asker.hpp"
#include "workers/batch_desk.hpp"

#include <chrono>
#include <random>
#include <string>
#include <vector>

namespace nd::workers {

struct clerk_settings {
    model::batch_bounds most{2000, 20'000'000};
    std::chrono::seconds poll{30};    // between two looks at a batch that is being worked on
    std::chrono::seconds settle{10};  // after which a batch that is not listed was not created
    // Of one step. Longer than the longest call and `settle`: while a create may be under way,
    // nobody else may look whether it has come to anything.
    std::chrono::seconds lease{140};
    // The service ends a batch after a day, one way or another. One that is older than `longest` is
    // cancelled, and given up when that has not ended it in `cancelling` either.
    std::chrono::seconds longest{26 * 3600};
    std::chrono::seconds cancelling{3600};
};

class batch_clerk {
  public:
    batch_clerk(boost::asio::io_context& io, clerk_settings with, job_desk& jobs,
                model::openai_client* client, asker& beside, enricher_metrics& counts);

    // Until the asker stops.
    [[nodiscard]] base::task<> run();

  private:
    using clock = std::chrono::steady_clock;

    // True: there was something to do.
    [[nodiscard]] base::task<base::result<bool>> step();
    [[nodiscard]] base::task<base::result<>> make(schema::tenant_id tenant);
    [[nodiscard]] base::task<base::result<>> fill(known_batch made, model::batch_input& into);
    [[nodiscard]] base::task<base::result<>> submit(known_batch which);
    [[nodiscard]] base::task<base::result<>> adopt_or_submit(known_batch which);
    [[nodiscard]] base::task<base::result<>> look(known_batch which);
    [[nodiscard]] base::task<base::result<>> collect(known_batch which,
                                                     const model::batch_object& ended);
    [[nodiscard]] base::task<base::result<>> apply(known_batch which,
                                                   const model::batch_object& ended,
                                                   const model::batch_lines& said);
    // Its requests go again. `money`: nothing where nothing of it was or will be worked on.
    [[nodiscard]] base::task<base::result<>> abandon(known_batch which, std::string why,
                                                     bool by_batch, call_end::booked money);
    // A batch that the service will not tell of is asked about for as long as one may take.
    [[nodiscard]] base::task<base::result<>> wait_or_give_up(known_batch which,
                                                             model::api_fault why);
    [[nodiscard]] bool is_hopeless(const known_batch& which) const;
    // A batch is thousands of small steps in Postgres: the calls of the fresh way come between.
    [[nodiscard]] base::task<> others_turn();
    // What a fault at one of these steps means: when to come back, or a halt.
    [[nodiscard]] std::chrono::seconds after(const model::api_fault& why);

    boost::asio::io_context& io_;
    clerk_settings with_;
    job_desk& jobs_;
    batch_desk desk_;
    model::openai_client* client_;
    asker& asker_;
    enricher_metrics& metrics_;
    schema::tenant_id last_made_;
    clock::time_point make_at_{};  // not before
    base::backoff pause_{std::chrono::seconds(1), std::chrono::minutes(2)};
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace nd::workers

// nd-enricher's other way to the model: what may wait a day goes as one tenant's batch, at half the
// price. Each step of a batch is written before the next is taken, so that after a crash anyone can
// go on; and a batch that may have been created is looked for by its metadata before it is created
// again. Runs on the asker's thread.
#pragma once

#include "model/batch_input.hpp"
#include "model/batch_output.hpp"
#include "workers/asker.hpp"
#include "workers/batch_desk.hpp"

#include <chrono>
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
    // True: there was something to do.
    [[nodiscard]] base::task<base::result<bool>> step();
    [[nodiscard]] base::task<base::result<>> make(schema::tenant_id tenant);
    [[nodiscard]] base::result<> fill(const known_batch& made, model::batch_input& into);
    [[nodiscard]] base::task<base::result<>> submit(known_batch which);
    [[nodiscard]] base::task<base::result<>> adopt_or_submit(known_batch which);
    [[nodiscard]] base::task<base::result<>> look(known_batch which);
    [[nodiscard]] base::task<base::result<>> collect(known_batch which,
                                                     const model::batch_object& ended);
    [[nodiscard]] base::result<> apply(const known_batch& which, const model::batch_object& ended,
                                       const model::batch_lines& said);
    // Its requests go again; nothing of it was or will be worked on.
    [[nodiscard]] base::result<> abandon(known_batch& which, const std::string& why, bool by_batch);
    // What a fault at one of these steps means: when to come back, or a halt.
    [[nodiscard]] std::chrono::seconds after(const model::api_fault& why);
    [[nodiscard]] call_end judge_line(const model::batch_line* line, const asked_call& asked);

    boost::asio::io_context& io_;
    clerk_settings with_;
    job_desk& jobs_;
    batch_desk desk_;
    model::openai_client* client_;
    asker& asker_;
    enricher_metrics& metrics_;
};

}  // namespace nd::workers

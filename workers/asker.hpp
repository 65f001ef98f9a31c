// nd-enricher's second half, the fresh way: what is due becomes calls, tenant by tenant in turn, as
// many at once as rate, budgets and the service's health allow. One thread, one io_context, one
// connection to Postgres; an answer is applied in one transaction, so that a crash at any moment
// loses no job and applies nothing twice.
#pragma once

#include "base/task.hpp"
#include "model/circuit_breaker.hpp"
#include "model/next_try.hpp"
#include "model/openai_client.hpp"
#include "model/rate_budget.hpp"
#include "workers/enricher_metrics.hpp"
#include "workers/job_desk.hpp"

#include <atomic>
#include <chrono>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>

namespace nd::workers {

struct asker_settings {
    int most_calls = 8;
    std::int64_t batch_from = 2000;  // a tenant with more that waits goes the batch's way
    std::chrono::milliseconds idle{200};
    model::retry_rule retry{};
};

class asker {
  public:
    // `client`: none without a key; then nothing is asked and jobs wait.
    asker(boost::asio::io_context& io, asker_settings with, job_desk& desk,
          model::openai_client* client, enricher_metrics& counts);

    // Until stop(); then no call starts, and it ends with the last that is under way.
    [[nodiscard]] base::task<> run();
    // From any thread.
    void stop() noexcept { stopping_ = true; }
    [[nodiscard]] bool stopping() const noexcept { return stopping_; }

    // Whether a call may start now, of either way; if not, why.
    [[nodiscard]] std::string why_not();
    // No call of either way may follow until an operator has acted.
    void halt(const std::string& reason);

  private:
    using clock = std::chrono::steady_clock;

    [[nodiscard]] base::task<> pause(std::chrono::milliseconds span);
    [[nodiscard]] base::task<> renew_leases();
    // How long nothing can start; 0 when something may have started.
    [[nodiscard]] std::chrono::milliseconds start_one();
    [[nodiscard]] std::optional<schema::tenant_id> next_tenant();
    [[nodiscard]] base::task<> ask(taken_call call);
    [[nodiscard]] call_end judge(
        const model::api_result<model::api_reply<model::response_answer>>& said,
        const taken_call& call, const model::rate_budget::call& place);
    [[nodiscard]] base::task<> apply(const taken_call& call, const call_end& how);
    [[nodiscard]] bool failed(const base::error& why);  // Postgres: try again later

    boost::asio::io_context& io_;
    asker_settings with_;
    job_desk& desk_;
    model::openai_client* client_;
    enricher_metrics& metrics_;
    std::atomic<bool> stopping_{false};
    model::rate_budget rate_;
    model::circuit_breaker breaker_{5, std::chrono::seconds(2), std::chrono::minutes(2)};
    std::vector<schema::tenant_id> due_;
    schema::tenant_id last_turn_;
    std::int64_t tokens_of_last_ = 0;
    std::string halted_;
    clock::time_point halt_asked_at_{};
    clock::time_point complained_at_{};
    std::map<std::string, schema::tenant_id> under_way_;  // by call
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace nd::workers

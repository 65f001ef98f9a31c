#include "workers/asker.hpp"

#include "base/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>

namespace nd::workers {
namespace asio = boost::asio;

namespace {

using namespace std::chrono_literals;
constexpr auto busy_look = 10ms;  // while as many calls as may be are under way
constexpr auto renew_every = 5s;  // a lease holds 20 s
constexpr auto halt_look = 1s;
constexpr auto database_pause = 1s;
constexpr auto complain_every = 30s;

void rethrow(const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
}

}  // namespace

asker::asker(asio::io_context& io, asker_settings with, job_desk& desk,
             model::openai_client* client, enricher_metrics& counts)
    : io_(io),
      with_(with),
      desk_(desk),
      client_(client),
      metrics_(counts),
      rate_(with.most_calls) {}

base::task<> asker::pause(std::chrono::milliseconds span) {
    asio::steady_timer timer(io_, span);
    co_await timer.async_wait(asio::use_awaitable_t<asio::io_context::executor_type>());
}

base::task<> asker::run() {
    asio::co_spawn(io_.get_executor(), renew_leases(), rethrow);
    while (!stopping_) {
        const auto wait = start_one();
        if (wait > 0ms) co_await pause(wait);
    }
    while (!under_way_.empty())
        co_await pause(busy_look);
}

std::string asker::why_not() {
    if (client_ == nullptr) return "there is no key for the model service";
    const auto now = clock::now();
    if (now - halt_asked_at_ > halt_look) {
        halt_asked_at_ = now;
        auto halted = desk_.halted();
        if (!halted) {
            if (failed(halted.error())) halt_asked_at_ = {};
            return "Postgres is away";
        }
        halted_ = std::move(*halted);
    }
    if (!halted_.empty()) return halted_;
    if (breaker_.wait(now) > 0ms) return "the model service fails";
    return {};
}

std::chrono::milliseconds asker::start_one() {
    const auto reason = why_not();
    metrics_.asking(reason);
    if (!reason.empty()) {
        if (clock::now() - complained_at_ > complain_every) {
            complained_at_ = clock::now();
            base::log::warning("nothing is asked of the model, jobs wait", {{"reason", reason}});
        }
        return std::max<std::chrono::milliseconds>(breaker_.wait(clock::now()), with_.idle);
    }
    const auto may = rate_.may_start(clock::now(), tokens_of_last_);
    if (may.what == model::rate_budget::verdict::busy) return busy_look;
    if (may.what == model::rate_budget::verdict::wait) return std::clamp(may.wait, 10ms, 1000ms);
    const auto tenant = next_tenant();
    if (!tenant) return with_.idle;
    if (!breaker_.enter(clock::now())) return busy_look;
    auto taken = desk_.take(*tenant, model::call_way::fresh);
    if (!taken) {
        breaker_.gave_up();
        static_cast<void>(failed(taken.error()));
        return database_pause;
    }
    if (taken->lost > 0) metrics_.lost(taken->lost);
    if (!taken->call) {
        breaker_.gave_up();
        if (!taken->budget.empty())
            base::log::warning("a budget has too little left, jobs wait",
                               {{"tenant", schema::to_string(*tenant)}, {"which", taken->budget}});
        return 0ms;
    }
    asio::co_spawn(io_.get_executor(), ask(std::move(*taken->call)), rethrow);
    return 0ms;
}

// Round and round, one call a turn, so that a tenant with a thousand jobs delays nobody's first.
std::optional<schema::tenant_id> asker::next_tenant() {
    if (due_.empty()) {
        auto due = desk_.tenants_with_jobs(model::call_way::fresh);
        if (!due) {
            static_cast<void>(failed(due.error()));
            return std::nullopt;
        }
        due_ = std::move(*due);
        std::rotate(due_.begin(), std::upper_bound(due_.begin(), due_.end(), last_turn_),
                    due_.end());
        std::reverse(due_.begin(), due_.end());
    }
    if (due_.empty()) return std::nullopt;
    last_turn_ = due_.back();
    due_.pop_back();
    const auto chosen = desk_.choose_batch(last_turn_, with_.batch_from);
    if (!chosen) {
        static_cast<void>(failed(chosen.error()));
        return std::nullopt;
    }
    return last_turn_;
}

base::task<> asker::ask(taken_call call) {
    tokens_of_last_ = call.request.input_tokens() + call.request.output_tokens();
    under_way_.emplace(call.id, call.tenant);
    const auto place = rate_.start(clock::now(), tokens_of_last_);
    const auto started = clock::now();
    auto body = call.request.body();
    auto said = co_await client_->respond(std::move(body));
    const auto how = judge(said, call, place);
    const std::chrono::duration<double> took = clock::now() - started;
    metrics_.called("fresh", how.outcome, took.count());
    co_await apply(call, how);
    under_way_.erase(call.id);
}

call_end asker::judge(const model::api_result<model::api_reply<model::response_answer>>& said,
                      const taken_call& call, const model::rate_budget::call& place) {
    const auto now = clock::now();
    if (said) {
        rate_.end(now, place, said->rate);
        breaker_.worked();
        auto how = judge_answer(said->value, call.request.asked(), call.jobs);
        how.request_id = said->request_id;
        return how;
    }
    const auto& why = said.error();
    rate_.end(now, place, why.rate);
    int attempts = 1;
    for (const auto& job : call.jobs)
        attempts = std::max(attempts, job.attempts + 1);
    auto how = judge_fault(why, model::next_try(why, attempts, with_.retry, random_), call.jobs);
    if (why.what == model::fate::wait && why.after) rate_.pause(now, *why.after);
    if (how.service_failed) {
        breaker_.failed(now);
    } else {
        breaker_.gave_up();
    }
    base::log::warning("a call to the model brought nothing", {{"fate", model::to_string(why.what)},
                                                               {"status", why.status},
                                                               {"code", why.code},
                                                               {"detail", why.detail},
                                                               {"request_id", why.request_id}});
    return how;
}

void asker::halt(const std::string& reason) {
    halted_ = reason;
    static_cast<void>(desk_.halt(reason));
}

// Until it is written, or the process ends: then the call is found lost, and its jobs go again.
base::task<> asker::apply(const taken_call& call, const call_end& how) {
    if (!how.halt.empty()) halt(how.halt);
    while (true) {
        const auto ended = desk_.end(call.tenant, call.id, call.way, call.jobs, how);
        if (ended) break;
        if (!failed(ended.error()) || stopping_) co_return;
        co_await pause(database_pause);
    }
    std::size_t done = 0;
    std::size_t parked = 0;
    for (const auto& job : how.jobs) {
        done += job.is == job_end::what::done ? 1U : 0U;
        parked += job.is == job_end::what::parked ? 1U : 0U;
    }
    metrics_.applied(done, parked, how.dropped_notes);
    if (how.money == call_end::booked::confirmed)
        metrics_.used(how.usage, desk_.cost(how.usage, call.way));
}

base::task<> asker::renew_leases() {
    auto renewed_at = clock::now();
    while (!stopping_ || !under_way_.empty()) {
        co_await pause(100ms);
        if (clock::now() - renewed_at < renew_every) continue;
        renewed_at = clock::now();
        const auto calls = under_way_;
        for (const auto& [call, tenant] : calls) {
            if (const auto renewed = desk_.renew(tenant, call); !renewed) {
                static_cast<void>(failed(renewed.error()));
                break;
            }
        }
    }
}

bool asker::failed(const base::error& why) {
    base::log::warning("jobs: Postgres did not do it",
                       {{"sqlstate", why.sqlstate}, {"detail", why.detail}});
    desk_.disconnect();
    return why.code != base::errc::internal && why.code != base::errc::data;
}

}  // namespace nd::workers

#include "workers/start.hpp"

#include "base/kafka_topics.hpp"
#include "base/log.hpp"
#include "base/retry.hpp"
#include "schema/record.hpp"
#include "workers/verdict.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <chrono>
#include <random>
#include <thread>

namespace nd::workers {
namespace {

using namespace std::chrono_literals;
constexpr auto one_question = 2s;

// One try after the other until one says yes or no for good. The waits are short enough for a stop.
class waiting {
  public:
    waiting(health& shown, const char* for_what) : shown_(shown), for_what_(for_what) {
        shown.waiting_for(for_what);
    }
    void failed(const base::error& e, const stop_asked& stop) {
        shown_.waiting_for(fmt::format("{}: {}{}{}", for_what_, e.sqlstate,
                                       e.sqlstate.empty() ? "" : " ", e.detail));
        base::log::warning(
            "not there yet, to be tried again",
            {{"waiting_for", for_what_}, {"sqlstate", e.sqlstate}, {"detail", e.detail}});
        const auto until = std::chrono::steady_clock::now() + backoff_.next(random_);
        while (!stop() && std::chrono::steady_clock::now() < until) {
            std::this_thread::sleep_for(20ms);
        }
    }

  private:
    health& shown_;
    const char* for_what_;
    base::backoff backoff_{100ms, 5000ms};
    std::minstd_rand random_{std::random_device{}()};
};

// Postgres refused something, whatever it was: a password, a role, a database, a right that is
// missing. That is an operator's work, which parks a writer that runs, and it is no reason to end
// one that would only be started again. Without a SQLSTATE we refuse: what is unsafe or not
// migrated is for whoever started us.
bool is_postgres_own(const base::error& e) {
    return !e.sqlstate.empty();
}

base::result<std::string> ask_kafka(rd_kafka_t* client, const std::string& topic,
                                    bool single_broker) {
    const std::array<std::string, 2> names{topic, schema::dead_topic};
    const auto topics = base::describe_topics(client, names, one_question);
    if (!topics) return topics.error();
    const auto problems = base::unsafe_topics(*topics, single_broker);
    if (!problems.empty()) {
        return base::failure(base::errc::refused, fmt::format("{}", fmt::join(problems, "; ")));
    }
    char* id = rd_kafka_clusterid(client, static_cast<int>(one_question / 1ms));
    if (id == nullptr) {
        return base::failure(base::errc::unavailable, "Kafka does not tell its cluster's id");
    }
    std::string copy(id);
    rd_kafka_mem_free(client, id);
    return copy;
}

}  // namespace

base::result<std::optional<std::string>> wait_for_kafka(rd_kafka_t* client,
                                                        const std::string& topic,
                                                        bool single_broker, health& shown,
                                                        const stop_asked& stop) {
    waiting wait(shown, "Kafka");
    while (!stop()) {
        auto id = ask_kafka(client, topic, single_broker);
        if (id) return std::optional(std::move(*id));
        if (verdict_of(id.error()) == verdict::park) return id.error();
        wait.failed(id.error(), stop);
    }
    return std::optional<std::string>();
}

base::result<bool> wait_for_postgres(row_store& store, health& shown, const stop_asked& stop) {
    waiting wait(shown, "Postgres");
    while (!stop()) {
        const auto progress = store.read_progress();
        if (progress) return true;
        if (verdict_of(progress.error()) == verdict::park && !is_postgres_own(progress.error()))
            return progress.error();
        store.disconnect();
        wait.failed(progress.error(), stop);
    }
    return false;
}

}  // namespace nd::workers

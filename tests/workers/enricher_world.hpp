// nd-enricher without Kafka: pages are taken in by its store and asked about by its asker and its
// clerk, over a database of its own and a stand-in for the model service.
#pragma once

#include "tests/openai/scratch_files.hpp"
#include "tests/openai/stub_control.hpp"
#include "tests/openai/stub_server.hpp"
#include "tests/pg/database.hpp"
#include "tests/workers/records.hpp"
#include "workers/batch_clerk.hpp"
#include "workers/page_store.hpp"

#include <doctest/doctest.h>
#include <boost/asio/co_spawn.hpp>

#include <array>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace nd::tests {

// What the redactor takes for words, each another one.
inline constexpr std::array words{
    "alpha",  "bravo", "charlie", "delta",  "echo",     "foxtrot", "golf",   "hotel",  "india",
    "juliet", "kilo",  "lima",    "mike",   "november", "oscar",   "papa",   "quebec", "romeo",
    "sierra", "tango", "uniform", "victor", "whiskey",  "xray",    "yankee", "zulu"};

inline test_record page_load_of(int tenant, const std::string& page, int session,
                                const std::string& more_names = "") {
    test_record made;
    made.key = tenant_text(tenant);
    const auto session_hash = base::to_hex(base::sha256("session " + std::to_string(session)));
    made.value = fmt::format(
        R"({{"page":"{}","title":"Settings","captured_at":"2026-11-02T10:00:00Z",)"
        R"("session_hash":"{}",)"
        R"("elements":[{{"ref":1,"role":"navigation","name":"Main"}},)"
        R"({{"ref":2,"parent":1,"role":"button","name":"Invite people","section":"Team"}},)"
        R"({{"ref":3,"parent":1,"role":"row","name":"[content]"}}{}]}})",
        page, session_hash, more_names);
    return made;
}

// The thread that asks, as nd-enricher has it.
class asking_thread {
  public:
    asking_thread(const workers::desk_settings& desk, const workers::asker_settings& how,
                  const workers::clerk_settings& batches, const model::openai_settings* service,
                  workers::enricher_metrics& counts)
        : client_(service == nullptr ? nullptr : model::openai_client::make(io_, *service).value()),
          desk_(desk),
          asker_(io_, how, desk_, client_.get(), counts),
          clerk_(io_, batches, desk_, client_.get(), asker_, counts),
          thread_([this] {
              const auto done = [](const std::exception_ptr& thrown) {
                  if (thrown) std::rethrow_exception(thrown);
              };
              boost::asio::co_spawn(io_.get_executor(), asker_.run(), done);
              boost::asio::co_spawn(io_.get_executor(), clerk_.run(), done);
              io_.run();
          }) {}
    ~asking_thread() {
        asker_.stop();
        thread_.join();
    }
    asking_thread(const asking_thread&) = delete;

  private:
    boost::asio::io_context io_{1};
    std::unique_ptr<model::openai_client> client_;
    workers::job_desk desk_;
    workers::asker asker_;
    workers::batch_clerk clerk_;
    std::thread thread_;
};

struct enricher_world {
    test_database database;
    base::pg::connection admin = database.admin();
    stub_server_settings stub_with;
    stub_server server{stub_with};
    stub_control stub{server.port()};
    scratch_files files;
    base::metrics metrics;
    workers::enricher_metrics counts{metrics};
    workers::page_store store{database.pooled_url("nd_enricher"), "c", "nd.pages.v1",
                              std::chrono::milliseconds(0)};
    workers::desk_settings desk;
    workers::asker_settings how;
    workers::clerk_settings batches;
    model::openai_settings service;

    enricher_world() {
        service.url = server.url();
        service.key_file = files.secret("key", stub_with.api.key + "\n");
        service.patience_s = 5;
        desk.url = database.pooled_url("nd_enricher");
        desk.model = service;
        how.idle = std::chrono::milliseconds(20);
        how.retry = {std::chrono::milliseconds(20), std::chrono::milliseconds(100)};
        batches.poll = std::chrono::seconds(1);
        batches.settle = std::chrono::seconds(1);
    }

    workers::pages_stored take(const std::vector<test_record>& loads) {
        workers::page_batch batch;
        for (const auto& one : loads)
            batch.take(one.raw());
        auto stored = store.store(batch);
        if (!stored) FAIL(stored.error().detail);
        return std::move(*stored);
    }
    // Two sessions have met the page, so that it may be asked about.
    void take_twice(int tenant, const std::string& page) {
        static_cast<void>(take({page_load_of(tenant, page, 1), page_load_of(tenant, page, 2)}));
    }
    std::unique_ptr<asking_thread> ask() {
        return std::make_unique<asking_thread>(desk, how, batches, &service, counts);
    }
    std::int64_t count(const std::string& query) { return number(admin, query); }
    std::int64_t jobs(const std::string& state) {
        return count("select count(*) from nd.page_jobs where state = '" + state + "'");
    }
    bool eventually(std::chrono::seconds longest, const std::function<bool()>& ask_it) {
        const auto until = std::chrono::steady_clock::now() + longest;
        while (!ask_it()) {
            if (std::chrono::steady_clock::now() > until) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(30));
        }
        return true;
    }
    // What the stand-in says it has worked on, what the ledger says, and what is booked.
    void check_ledger() {
        const auto sums = must(
            admin,
            "select coalesce(sum(input_tokens) filter (where state = 'confirmed'), 0) as input, "
            "coalesce(sum(output_tokens) filter (where state = 'confirmed'), 0) as output, "
            "coalesce(sum(nano), 0) as nano from nd.model_calls");
        CHECK(sums[0].integer("input") == stub.count("input_tokens"));
        CHECK(sums[0].integer("output") == stub.count("output_tokens"));
        CHECK(count("select sum(nano) from nd.tenant_spend") == sums[0].integer("nano"));
        CHECK(count("select sum(nano) from nd.model_spend") == sums[0].integer("nano"));
    }
};

}  // namespace nd::tests

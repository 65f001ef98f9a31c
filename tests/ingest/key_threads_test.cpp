#include "tests/ingest/key_desk.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace nd::tests;
using namespace std::chrono_literals;
using nd::ingest::key_inbox;
using nd::ingest::key_table;
using nd::ingest::lookup_outcome;

TEST_CASE("while the keeper renews everything, a key that stays is never absent") {
    key_table table(15min);
    std::vector<key_table::entry> known;
    for (std::uint32_t i = 0; i < 500; ++i)
        known.push_back(sample_entry(i, i / 10));
    table.replace_all(known);
    table.confirm(key_table::clock::now());
    const auto steady = hash_of(sample_key(15));  // of tenant 1
    std::atomic<bool> over{false};
    std::atomic<int> missing{0};
    std::vector<std::thread> readers;
    for (int t = 0; t < 3; ++t) {
        readers.emplace_back([&] {
            while (!over) {
                if (!table.find(steady)) ++missing;
                (void)table.stale(key_table::clock::now());
            }
        });
    }
    const nd::schema::tenant_id whose[] = {sample_tenant(1)};
    for (int round = 0; round < 200; ++round) {
        table.replace_all(known);
        const std::span all(known);
        table.replace_tenants(whose, round % 2 == 0 ? all.subspan(10, 10) : all.subspan(15, 1));
        (void)table.take_used();
        table.confirm(key_table::clock::now());
    }
    over = true;
    for (auto& reader : readers)
        reader.join();
    CHECK(missing == 0);
    CHECK(table.find(steady));
}

TEST_CASE("io threads, a keeper and an outage at once: every request gets an answer") {
    key_table table(15min);
    table.confirm(key_table::clock::now());
    key_inbox inbox;
    std::atomic<int> answered{0};
    {
        std::vector<std::unique_ptr<key_desk>> desks;
        for (int t = 0; t < 3; ++t)
            desks.push_back(std::make_unique<key_desk>(table, inbox));
        std::thread keeper([&] {
            for (int round = 0;; ++round) {
                inbox.reachable(round % 3 != 2);
                const auto mail = inbox.wait_until(key_inbox::clock::now() + 1ms);
                if (mail.stop) return;
                for (const auto& hash : mail.wanted) {
                    if (round % 2 == 0) table.put(hash, sample_entry(1, 1).second);
                    inbox.settle(
                        hash, round % 2 == 0 ? lookup_outcome::in_table : lookup_outcome::absent);
                }
            }
        });
        std::vector<std::thread> threads;
        for (auto& desk : desks) {
            threads.emplace_back([&answered, one = desk.get()] {
                for (std::uint32_t round = 0; round < 100; ++round) {
                    const std::vector<std::string> keys(5, sample_key(round));
                    answered += static_cast<int>(one->ask_all(keys).size());
                }
            });
        }
        for (auto& thread : threads)
            thread.join();
        inbox.stop();
        keeper.join();
    }
    CHECK(answered == 3 * 100 * 5);
}

TEST_CASE("a keeper that never answers costs a request two seconds, then 503") {
    key_table table(15min);
    table.confirm(key_table::clock::now());
    key_inbox inbox;
    inbox.reachable(true);
    key_desk desk(table, inbox);
    const auto begun = std::chrono::steady_clock::now();
    CHECK(desk.verdict(sample_key(1)) == "keys_unavailable");
    const auto took = std::chrono::steady_clock::now() - begun;
    CHECK(took > 1900ms);
    CHECK(took < 4s);
}

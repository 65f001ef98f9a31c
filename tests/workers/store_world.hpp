// The writer's store over a database of its own, with a Kafka that takes every dead record.
#pragma once

#include "tests/pg/database.hpp"
#include "tests/workers/records.hpp"
#include "workers/deliver.hpp"
#include "workers/store.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <vector>

namespace nd::tests {

struct store_world {
    test_database database;
    base::pg::connection admin = database.admin();
    std::vector<base::outgoing_record> dead;

    std::unique_ptr<workers::pg_store> store(bool pooled = false) const {
        auto made = std::make_unique<workers::pg_store>(
            pooled ? database.pooled_url("nd_writer") : database.url("nd_writer"), "c", "t",
            test_pepper);
        const auto progress = made->read_progress();
        if (progress.has_error()) FAIL(progress.error().detail);
        return made;
    }
    workers::publish_dead publisher() {
        return [this](std::span<const base::outgoing_record> records) {
            dead.insert(dead.end(), records.begin(), records.end());
            return base::result<>();
        };
    }
    std::int64_t count(std::string_view what) { return number(admin, what); }
    std::int64_t rows() { return count("select count(*) from nd.events"); }
    std::int64_t progress() {
        return count("select coalesce(max(next_offset), -1) from nd.progress");
    }
    // From now on Postgres refuses every event of this name, as `do` says.
    void on_poison(const std::string& statement) {
        must(admin,
             "create or replace function public.poison() returns trigger language plpgsql as "
             "$$ begin if new.name = 'poison' then " +
                 statement +
                 "; end if; return new; end $$; create or replace trigger poison before insert "
                 "on nd.events for each row execute function public.poison()");
    }
};

inline test_record poison(int tenant, int event) {
    auto record = good_record(tenant, event);
    record.value =
        fmt::format(R"({{"event_id":"{}","name":"poison","occurred_at":"2026-11-02T10:00:00Z"}})",
                    event_text(event));
    return record;
}

inline std::vector<test_record> many(int records, int tenants) {
    std::vector<test_record> made;
    made.reserve(static_cast<std::size_t>(records));
    for (int i = 0; i < records; ++i)
        made.push_back(good_record(i % tenants, i));
    return made;
}

}  // namespace nd::tests

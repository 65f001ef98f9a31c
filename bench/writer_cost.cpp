// What storing an event costs Postgres: nd.store_events against text COPY into the same table
// without row-level security, in one run.
//
//     nd-writer-cost 'postgresql://postgres@127.0.0.1:5432/postgres' [EVENTS [ROUNDS]]
//
// Needs a superuser of a cluster that nothing else uses at the time (it counts the CPU time of all
// of its processes); makes a database of its own and drops it. Prints, for each number of tenants
// per batch of 5,000, the medians and their ratio.
#include "base/pg.hpp"
#include "bench/process_cpu.hpp"
#include "bench/stored_batch.hpp"
#include "sql/migrations.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace pg = nd::base::pg;
using namespace nd::bench;

pg::rows must(pg::connection& on, std::string_view script) {
    auto said = on.exec_script(script);
    if (said.has_error()) {
        throw std::runtime_error(said.error().sqlstate + " " + said.error().detail);
    }
    return std::move(*said);
}

pg::connection must_open(const std::string& url) {
    auto opened = pg::connection::open(
        url, {.application_name = "nd-writer-cost", .deadline = std::chrono::minutes(10)});
    if (opened.has_error()) {
        throw std::runtime_error(opened.error().detail);
    }
    return std::move(*opened);
}

// COPY is no business of base/pg: no program of ours can use it on a table with row-level security.
void copy_in(PGconn* on, const std::string& text) {
    PQclear(PQexec(on, "copy limit_case.events from stdin"));
    const bool sent = PQputCopyData(on, text.data(), static_cast<int>(text.size())) == 1 &&
                      PQputCopyEnd(on, nullptr) == 1;
    PGresult* said = PQgetResult(on);
    const bool stored = PQresultStatus(said) == PGRES_COMMAND_OK;
    PQclear(said);
    PQclear(PQgetResult(on));
    if (!sent || !stored) {
        throw std::runtime_error(PQerrorMessage(on));
    }
}

struct cost {
    double cpu_us = 0;
    double wall_us = 0;
};

class meter {
  public:
    explicit meter(pg::connection& admin) : admin_(admin) {}
    template <class Work>
    cost measure(std::int64_t events, const Work& work) {
        const auto cpu = all_cpu();
        const auto wall = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double, std::micro> took =
            std::chrono::steady_clock::now() - wall;
        const std::chrono::duration<double, std::micro> used = all_cpu() - cpu;
        return {used.count() / static_cast<double>(events),
                took.count() / static_cast<double>(events)};
    }

  private:
    std::chrono::nanoseconds all_cpu() {
        std::chrono::nanoseconds sum{};
        for (const pg::row one : must(admin_, "select pid from pg_stat_activity")) {
            sum += nd::bench::process_cpu(static_cast<pid_t>(one.integer("pid")));
        }
        return sum;
    }
    pg::connection& admin_;
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void prepare(pg::connection& admin) {
    must(admin, nd::sql::roles);
    for (const nd::sql::migration& one : nd::sql::migrations()) {
        must(admin, "begin; set local role nd_owner");
        must(admin, one.text);
        must(admin, "commit");
    }
    must(admin,
         "set role nd_owner; select nd.make_events_partition('2026-11-02'::date + 7 * week) from "
         "generate_series(-4, 25) week; "
         "reset role; create schema limit_case; "
         "create table limit_case.events (like nd.events including all) partition by range "
         "(occurred_at)");
    must(admin,
         "do $$ begin for week in -4 .. 25 loop execute format('create table limit_case.w%s "
         "partition of limit_case.events for "
         "values from (%L) to (%L)', week + 4, ('2026-11-02'::date + 7 * week)::timestamp at time "
         "zone 'UTC', "
         "('2026-11-09'::date + 7 * week)::timestamp at time zone 'UTC'); end loop; end $$");
}

void compare(const std::string& url, int events, int rounds) {
    auto admin = must_open(url);
    prepare(admin);
    auto writer = must_open(url);
    must(writer, "set session authorization nd_writer; set plan_cache_mode = force_generic_plan");
    const std::unique_ptr<PGconn, decltype(&PQfinish)> limit(PQconnectdb(url.c_str()), &PQfinish);
    meter counting(admin);
    std::mt19937_64 random(7);
    fmt::print("{:>8} {:>14} {:>14} {:>7} {:>14} {:>14}\n", "tenants", "COPY cpu us", "CALL cpu us",
               "ratio", "COPY rows/s", "CALL rows/s");
    for (const int tenants : {5, 50, 500, 2000}) {
        std::vector<double> limit_cpu, own_cpu, limit_wall, own_wall;
        for (int round = 0; round < rounds; ++round) {
            must(admin, "truncate limit_case.events, nd.events");
            must(admin, "checkpoint");
            std::vector<std::string> texts;
            std::vector<batch_columns> batches;
            for (int i = 0; i < events / batch_size; ++i) {
                const auto batch = batch_of(tenants, random);
                texts.push_back(copy_text(batch));
                batches.emplace_back(batch);
            }
            const std::int64_t total = static_cast<std::int64_t>(texts.size()) * batch_size;
            const cost copied = counting.measure(total, [&] {
                for (const std::string& text : texts)
                    copy_in(limit.get(), text);
            });
            const cost called = counting.measure(total, [&] {
                for (const batch_columns& batch : batches)
                    batch.store(writer, round);
            });
            limit_cpu.push_back(copied.cpu_us);
            own_cpu.push_back(called.cpu_us);
            limit_wall.push_back(copied.wall_us);
            own_wall.push_back(called.wall_us);
        }
        fmt::print("{:>8} {:>14.2f} {:>14.2f} {:>7.2f} {:>14.0f} {:>14.0f}\n", tenants,
                   median(limit_cpu), median(own_cpu), median(own_cpu) / median(limit_cpu),
                   1e6 / median(limit_wall), 1e6 / median(own_wall));
        std::fflush(stdout);
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        fmt::print(stderr, "usage: nd-writer-cost SUPERUSER_URL [EVENTS [ROUNDS]]\n");
        return 2;
    }
    try {
        const std::string name =
            fmt::format("nd_writer_cost_{}", std::random_device{}() % 1'000'000);
        auto root = must_open(argv[1]);
        must(root, "create database " + name);
        // What comes last in a connection string wins.
        const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(
            PQconninfoParse(argv[1], nullptr), &PQconninfoFree);
        std::string url;
        for (const PQconninfoOption* one = parsed.get(); one != nullptr && one->keyword != nullptr;
             ++one) {
            if (one->val != nullptr && std::string_view(one->keyword) != "dbname") {
                url += fmt::format("{}='{}' ", one->keyword, one->val);
            }
        }
        compare(url + "dbname=" + name, argc > 2 ? std::atoi(argv[2]) : 100'000,
                argc > 3 ? std::atoi(argv[3]) : 3);
        must(root, "drop database " + name + " with (force)");
    } catch (const std::exception& problem) {
        fmt::print(stderr, "nd-writer-cost: {}\n", problem.what());
        return 1;
    }
    return 0;
}

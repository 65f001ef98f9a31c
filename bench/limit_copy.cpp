#include "bench/limit_copy.hpp"

#include "bench/admin_database.hpp"
#include "bench/process_cpu.hpp"
#include "schema/event_scan.hpp"
#include "sql/migrations.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>

namespace nd::bench {
namespace {

constexpr std::uint64_t rows_per_copy = 5000;  // as the writer's batch

// In a database of its own: programs refuse to start beside a tenant table without protection.
constexpr const char* database = "nd_limit";
constexpr const char* unprotect = R"(
alter table nd.events disable row level security, no force row level security;
do $$
declare
    week int;
begin
    for week in 0 .. 3 loop
        perform nd.make_events_partition((now() + week * interval '7 days')::date);
    end loop;
end
$$)";

std::string with_database(const std::string& url, const char* name) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed(
        PQconninfoParse(url.c_str(), nullptr), &PQconninfoFree);
    std::string made = fmt::format("dbname='{}'", name);
    for (const auto* one = parsed.get(); one != nullptr && one->keyword != nullptr; ++one)
        if (one->val != nullptr && std::string_view(one->keyword) != "dbname")
            made += fmt::format(" {}='{}'", one->keyword, one->val);
    return made;
}

// COPY's text form: a backslash escapes itself and what would end a field or a row.
void add_field(std::string& to, std::string_view text) {
    for (const char c : text) {
        if (c == '\\')
            to += "\\\\";
        else if (c == '\t')
            to += "\\t";
        else if (c == '\n')
            to += "\\n";
        else
            to += c;
    }
    to += '\t';
}

void add_optional(std::string& to, const std::optional<std::string_view>& text) {
    if (text)
        add_field(to, *text);
    else
        to += "\\N\t";
}

void add_row(std::string& to, std::string_view tenant, const schema::event_view& event) {
    const auto at = schema::to_string(event.occurred_at);
    add_field(to, tenant);
    add_field(to, schema::to_string(event.id.value));
    add_field(to, at);
    add_field(to, at);
    to += "live\t";
    add_field(to, event.name);
    add_optional(to, event.session_id);
    add_optional(to, event.user_id);
    add_optional(to, event.page);
    add_field(to, event.properties);
    to.back() = '\n';
}

std::vector<std::string> texts_of(bed& on, std::uint64_t rows,
                                  std::span<const std::string> tenants) {
    static std::uint64_t run = 0;
    request_maker maker(on.events, encoding::identity,
                        static_cast<std::uint64_t>(on.with.seed) ^ (++run << 40));
    schema::event_scanner scanner;
    std::vector<std::string> texts;
    std::string event;
    for (std::uint64_t row = 0; row < rows; ++row) {
        if (row % rows_per_copy == 0) texts.emplace_back();
        maker.make_event(event, std::chrono::system_clock::now());
        const auto read = scanner.scan(event);
        if (!read) throw bench_error(exit_usage, "the recording: " + read.error().detail);
        add_row(texts.back(), tenants[row % tenants.size()], *read);
    }
    return texts;
}

}  // namespace

limit_copy::limit_copy(bed& on, into which) : which_(which) {
    if (which == into::its_own_database) {
        make_database(on);
        return;
    }
    to_ = PQconnectdb(on.with.admin_url.c_str());
    if (PQstatus(to_) != CONNECTION_OK) throw bench_error(exit_unreachable, PQerrorMessage(to_));
}

void limit_copy::make_database(bed& on) {
    auto admin = open_admin(on.with.admin_url);
    static constexpr base::pg::statement drop("drop database if exists nd_limit with (force)");
    static constexpr base::pg::statement create("create database nd_limit");
    for (const auto& one : {drop, create})
        must(admin.exec(one));
    to_ = PQconnectdb(with_database(on.with.admin_url, database).c_str());
    if (PQstatus(to_) != CONNECTION_OK) throw bench_error(exit_unreachable, PQerrorMessage(to_));
    run("set client_min_messages = warning");  // "does not exist, skipping" is nobody's news
    run(std::string(sql::roles).c_str());
    for (const auto& one : sql::migrations()) {
        run("begin; set local role nd_owner");
        run(std::string(one.text).c_str());
        run("commit");
    }
    run("set role nd_owner");
    run(unprotect);
    run("reset role");
}

limit_copy::~limit_copy() {
    PQfinish(to_);
}

void limit_copy::run(const char* sql) {
    PGresult* said = PQexec(to_, sql);
    const bool done =
        PQresultStatus(said) == PGRES_COMMAND_OK || PQresultStatus(said) == PGRES_TUPLES_OK;
    PQclear(said);
    if (!done) throw bench_error(exit_unreachable, PQerrorMessage(to_));
}

void limit_copy::copy(const std::string& text) {
    PQclear(PQexec(to_, "copy nd.events from stdin"));
    const bool sent = PQputCopyData(to_, text.data(), static_cast<int>(text.size())) == 1 &&
                      PQputCopyEnd(to_, nullptr) == 1;
    PGresult* said = PQgetResult(to_);
    const bool stored = PQresultStatus(said) == PGRES_COMMAND_OK;
    PQclear(said);
    PQclear(PQgetResult(to_));
    if (!sent || !stored) throw bench_error(exit_unreachable, PQerrorMessage(to_));
}

limit_copy::cost limit_copy::measure(bed& on, std::uint64_t rows,
                                     std::span<const std::string> tenants) {
    const auto texts = texts_of(on, rows, tenants);
    if (which_ == into::its_own_database) run("truncate nd.events");
    run("checkpoint");
    const auto watched = on.common_meter();
    const auto before = watched.cpu();
    const auto own = process_cpu(::getpid());
    const auto begun = std::chrono::steady_clock::now();
    for (const auto& text : texts)
        copy(text);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    const std::chrono::duration<double, std::micro> client = process_cpu(::getpid()) - own;
    const auto used = cpu_us_per(before, watched.cpu(), rows);
    cost made;
    made.postgres_us = used_by(used, "postgres");
    made.client_us = client.count() / static_cast<double>(rows);
    made.rows_per_s = static_cast<double>(rows) / took.count();
    return made;
}

}  // namespace nd::bench

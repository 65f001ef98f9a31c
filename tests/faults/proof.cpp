#include "tests/faults/proof.hpp"

#include "base/pg.hpp"

#include <fmt/format.h>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include <cstdint>
#include <exception>
#include <stdexcept>

namespace nd::tests {
namespace {

namespace json = boost::json;
namespace pg = nd::base::pg;

// The one line that is JSON; lines about progress may stand around it.
json::object said(scene& on, const std::string& arguments) {
    const auto output = on.all.ndctl(arguments + " --json");
    const auto from = output.starts_with('{') ? 0 : output.find("\n{") + 1;
    const auto line = output.substr(from, output.find('\n', from) - from);
    return json::parse(line).as_object();
}

std::uint64_t number(const json::object& in, const char* name) {
    return in.at(name).to_number<std::uint64_t>();
}

std::string text(const json::object& in, const char* name) {
    return json::value_to<std::string>(in.at(name));
}

std::uint64_t rows_there(scene& on) {
    auto admin = pg::connection::open(on.all.postgres().url("nd"));
    if (!admin) throw std::runtime_error("the superuser: " + admin.error().detail);
    const auto rows = admin->exec(pg::statement("select count(*) as n from nd.events"));
    if (!rows) throw std::runtime_error("counting rows: " + rows.error().detail);
    return static_cast<std::uint64_t>((*rows)[0].integer("n"));
}

// ndctl exits with 1 when it found something; then its own words say best what.
template <class F>
proof found(scene& on, const std::string& command, F judge) {
    try {
        return judge(said(on, command));
    } catch (const std::exception& e) {
        return {command + ": failed", e.what()};
    }
}

}  // namespace

proof audit_proof(scene& on, std::size_t accepted) {
    return found(on, "audit", [&](const json::object& all) {
        const auto& total = all.at("total").as_object();
        const auto due = number(total, "distinct");
        const auto rows = number(total, "rows");
        proof made;
        made.text = fmt::format(
            "audit: {} events of {} tenants, {} rows, {} repeats, {} pending, digests {} and {}",
            due, all.at("tenants").as_array().size(), rows, number(total, "repeats"),
            number(total, "pending"), text(total, "kafka_digest"), text(total, "postgres_digest"));
        const auto there = rows_there(on);
        if (!all.at("equal").as_bool() || due < accepted || rows != there ||
            number(total, "pending") > 0) {
            made.wrong = fmt::format("{}; {} were accepted and {} rows are there", made.text,
                                     accepted, there);
        }
        return made;
    });
}

proof replay_proof(scene& on) {
    return found(on, "replay", [](const json::object& all) {
        const auto& counts = all.at("counts").as_object();
        proof made;
        made.text = fmt::format(
            "replay: {} records read, {} already there, {} rows changed, "
            "digests {} and {}",
            number(counts, "read"), number(counts, "already_there"), number(counts, "written"),
            text(counts, "log_digest"), text(counts, "table_digest"));
        const bool nothing = number(counts, "written") == 0 && number(counts, "read") > 0 &&
                             number(counts, "read") == number(counts, "already_there");
        if (!nothing || !counts.at("equal").as_bool()) made.wrong = made.text;
        return made;
    });
}

}  // namespace nd::tests

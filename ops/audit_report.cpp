#include "ops/audit_report.hpp"

#include "ops/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nd::ops {
namespace {

namespace json = boost::json;

constexpr std::size_t most_lines = 20;  // of tenants that are equal

std::string time_text(std::int64_t us) {
    return schema::to_string(schema::instant{us});
}

const char* name_of(difference::kind what) {
    switch (what) {
        case difference::kind::missing: return "missing";
        case difference::kind::spurious: return "spurious";
        case difference::kind::unreadable: break;
    }
    return "unreadable";
}

json::object to_json(const difference& one, const audit_scope& scope) {
    json::object data{{"what", name_of(one.what)}};
    if (one.tenant) data["tenant_id"] = schema::to_string(*one.tenant);
    if (one.event) {
        data["event_id"] = schema::to_string(*one.event);
        data["occurred_at"] = time_text(one.occurred_us);
    }
    if (one.what == difference::kind::missing || one.what == difference::kind::unreadable) {
        const auto& source = scope.sources[one.source];
        data["topic"] = source.topic;
        data["partition"] = source.partition;
        data["offset"] = one.offset;
    }
    if (one.what == difference::kind::spurious) data["received_at"] = time_text(one.received_us);
    return data;
}

std::string to_line(const difference& one, const audit_scope& scope) {
    std::string line = name_of(one.what);
    if (one.tenant) line += " tenant " + schema::to_string(*one.tenant);
    if (one.event) {
        line += fmt::format(" event {} of {}", schema::to_string(*one.event),
                            time_text(one.occurred_us));
    }
    if (one.what == difference::kind::missing || one.what == difference::kind::unreadable) {
        const auto& source = scope.sources[one.source];
        line +=
            fmt::format(", {} partition {} offset {}", source.topic, source.partition, one.offset);
    }
    if (one.what == difference::kind::spurious)
        line += ", a row received at " + time_text(one.received_us);
    return line + "\n";
}

json::object to_json(const audit_account& of) {
    return {{"records", of.records},
            {"repeats", of.repeats},
            {"conflicts", of.conflicts},
            {"distinct", of.due.count},
            {"rows", stored(of).count},
            {"dead", of.dead.count},
            {"dropped", of.dropped.count},
            {"erased", of.erased.count},
            {"expired", of.expired.count},
            {"missing", of.missing.count},
            {"spurious", of.spurious.count},
            {"pending", of.pending.count},
            {"kafka_digest", digest_text(wanted(of))},
            {"postgres_digest", digest_text(stored(of))},
            {"equal", is_equal(of)}};
}

json::object range_json(const audit_scope& scope) {
    const auto time = [](const std::optional<schema::instant>& at) {
        return at ? json::value(schema::to_string(*at)) : json::value(nullptr);
    };
    json::array partitions;
    for (const auto& one : scope.sources) {
        partitions.push_back(json::object{{"topic", one.topic},
                                          {"partition", one.partition},
                                          {"begin", one.begin},
                                          {"end", one.end},
                                          {"stored", one.stored}});
    }
    return {{"by", scope.by_time ? "time" : "offset"},
            {"cluster", scope.cluster},
            {"from", time(scope.from)},
            {"to", time(scope.to)},
            {"partitions", std::move(partitions)}};
}

std::string range_text(const audit_scope& scope) {
    std::string text = "Audit of what arrived";
    if (!scope.by_time) text = "Audit of the records";
    if (scope.from) text += " from " + schema::to_string(*scope.from);
    if (scope.to) text += " until before " + schema::to_string(*scope.to);
    std::string stood;
    for (const auto& one : scope.sources) {
        if (one.begin == one.end) continue;
        stood += fmt::format("  {} partition {}: records {} to {}, stored until {}\n", one.topic,
                             one.partition, one.begin, one.end, one.stored);
    }
    return text + "\n" + stood;
}

std::vector<std::string> cells(std::string name, const audit_account& of) {
    const auto text = [](std::uint64_t count) { return std::to_string(count); };
    return {std::move(name),         text(of.due.count),     text(stored(of).count),
            text(of.dead.count),     text(of.dropped.count), text(of.erased.count),
            text(of.expired.count),  text(of.missing.count), text(of.spurious.count),
            text(of.pending.count),  text(of.repeats),       text(of.conflicts),
            digest_text(wanted(of)), digest_text(stored(of))};
}

audit_account total_of(const audit_accounts& accounts) {
    audit_account all;
    for (const auto& [tenant, one] : accounts) {
        all.records += one.records;
        all.repeats += one.repeats;
        all.conflicts += one.conflicts;
        for (const auto part :
             {&audit_account::due, &audit_account::pending, &audit_account::dead,
              &audit_account::dropped, &audit_account::erased, &audit_account::expired,
              &audit_account::missing, &audit_account::spurious}) {
            all.*part += one.*part;
        }
        all.arrived += stored(one);
    }
    return all;
}

std::string tenants_text(const audit_result& result, const audit_account& total) {
    text_table table({"TENANT", "EVENTS", "ROWS", "DEAD", "DROPPED", "ERASED", "EXPIRED", "MISSING",
                      "SPURIOUS", "PENDING", "REPEATS", "CONFLICTS", "KAFKA", "POSTGRES"});
    std::size_t lines = 0;
    std::size_t quiet = 0;
    for (const auto& [tenant, account] : result.accounts) {
        const bool equal = is_equal(account);
        if (equal && lines >= most_lines) {
            ++quiet;
            continue;
        }
        ++lines;
        table.add(cells(schema::to_string(tenant), account));
    }
    table.add(cells("all", total));
    auto text = table.text();
    if (quiet > 0) text += fmt::format("{} more are equal.\n", counted(quiet, "tenant"));
    return text;
}

std::string verdict_text(const audit_result& result, const audit_account& total) {
    std::string text;
    if (result.unreadable > 0) {
        text +=
            fmt::format("{} no event: {} dead letters, {} unaccounted for.\n",
                        result.unreadable == 1 ? "1 record names"
                                               : fmt::format("{} records name", result.unreadable),
                        result.unreadable - result.unreadable_lost, result.unreadable_lost);
    }
    if (result.equal()) {
        return text + fmt::format("Equal: {} of {}, {:.1f} s.\n", counted(total.due.count, "event"),
                                  counted(result.accounts.size(), "tenant"), result.seconds);
    }
    text += "NOT EQUAL:\n";
    for (const auto& one : result.differences)
        text += "  " + to_line(one, result.scope);
    if (result.differences_left_out > 0)
        text += fmt::format("  and {} more (--list)\n", result.differences_left_out);
    return text;
}

}  // namespace

report to_report(const audit_result& result) {
    const auto total = total_of(result.accounts);
    json::array tenants;
    for (const auto& [tenant, account] : result.accounts) {
        auto one = to_json(account);
        one["tenant_id"] = schema::to_string(tenant);
        tenants.push_back(std::move(one));
    }
    json::array differences;
    for (const auto& one : result.differences)
        differences.push_back(to_json(one, result.scope));
    auto all = to_json(total);
    all.erase("equal");
    report said;
    said.status = result.equal() ? exit_status::fine : exit_status::finding;
    said.data = {{"equal", result.equal()},
                 {"range", range_json(result.scope)},
                 {"total", std::move(all)},
                 {"tenants", std::move(tenants)},
                 {"unreadable", result.unreadable},
                 {"unreadable_lost", result.unreadable_lost},
                 {"differences", std::move(differences)},
                 {"differences_left_out", result.differences_left_out},
                 {"records_read", result.records},
                 {"seconds", result.seconds}};
    said.text =
        range_text(result.scope) + tenants_text(result, total) + verdict_text(result, total);
    return said;
}

}  // namespace nd::ops

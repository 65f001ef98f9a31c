// ndctl audit: did every event arrive? Holds Kafka's records against Postgres's rows, tenant by
// tenant, as numbers and as digests. Safe at any time and cheap enough for every hour; it changes
// nothing.
#include "ops/audit_report.hpp"
#include "ops/audit_run.hpp"
#include "ops/command_line.hpp"
#include "ops/progress_line.hpp"
#include "ops/range_options.hpp"
#include "ops/tenant_store.hpp"

#include <cstdint>
#include <memory>

namespace nd::ops {
namespace {

struct audit_options {
    audit_words words;
    std::string tenant;
    std::int64_t list = 100;
};

base::result<report> run(const settings& from, const audit_options& options) {
    if (auto given = require(from, {&settings::kafka, &settings::operator_url}); !given)
        return given.error();
    audit_wish wish{options.words, {}, static_cast<std::size_t>(options.list), 0};
    if (!options.tenant.empty()) {
        auto on = open_operator(from);
        if (!on) return on.error();
        const auto tenant = find_tenant(*on, options.tenant);
        if (!tenant) return tenant.error();
        wish.only = schema::parse_tenant_id(tenant->id);
    }
    progress_line line("records");
    const auto result = run_audit(from, wish, [&line](std::uint64_t done, std::uint64_t all) {
        line.show(static_cast<double>(done) / static_cast<double>(all),
                  static_cast<std::int64_t>(done), {});
    });
    if (!result) return result.error();
    return to_report(*result);
}

}  // namespace

void add_audit(command_line& line) {
    const auto options = std::make_shared<audit_options>();
    auto audit = line.add("audit", "hold Kafka's events against Postgres's rows, per tenant",
                          [options](const settings& from) { return run(from, *options); });
    add_range(audit, options->words.range);
    audit.text(options->words.topic, "--topic",
               "with offsets: whose, nd.events.v1 or nd.import.v1 [nd.events.v1]");
    audit.text(options->tenant, "--tenant", "only this tenant's");
    audit.number(options->list, 0, 1'000'000, "--list", "differences to list at most [100]");
}

}  // namespace nd::ops

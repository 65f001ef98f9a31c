// ndctl receipt: verify what a receipt of POST /v1/events?receipt=1 stands for; prune the expired.
#include "ops/command_line.hpp"
#include "ops/database.hpp"
#include "ops/pepper.hpp"
#include "ops/tenant_store.hpp"
#include "schema/receipt.hpp"
#include "sql/queries/become_owner.hpp"
#include "sql/queries/prune_receipts.hpp"
#include "sql/queries/tenant/receipt_counts.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>

namespace nd::ops {
namespace {

constexpr int slice = 10'000;

schema::instant now() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

report not_genuine() {
    return {{{"genuine", false}},
            "Not a receipt of ours: forged, cut short, or signed with a key that "
            "ND_RECEIPT_KEY_FILES no longer names.",
            exit_status::finding};
}

base::result<schema::receipt_keys> open_keys(const settings& from) {
    if (auto given = require(from, {&settings::pepper_file}); !given) return given.error();
    const auto pepper = read_pepper(from.pepper_file);
    if (!pepper) return pepper.error();
    const auto secrets = schema::receipt_secrets(from.receipt_key_files, *pepper);
    if (!secrets)
        return base::failure(secrets.error().code,
                             "ND_RECEIPT_KEY_FILES: " + secrets.error().detail);
    return schema::receipt_keys(*secrets);
}

base::result<report> tell(base::pg::connection& on, const schema::receipt& what) {
    auto inside = base::pg::tenant_tx::begin(on, to_string(what.tenant));
    if (!inside) return inside.error();
    const auto rows =
        inside->exec(sql::receipt_counts, to_string(what.request), int{what.accepted});
    if (!rows) return rows.error();
    if (auto done = inside->commit(); !done) return done.error();
    const auto row = (*rows)[0];
    const auto stored = row.integer("stored");
    const auto dead = row.integer("dead");
    const auto erased = row.integer("erased");
    const auto pending = what.accepted - stored - dead - erased;
    const bool expired = what.expires_at <= now();
    return report{
        {{"genuine", true},
         {"expired", expired},
         {"tenant_id", to_string(what.tenant)},
         {"request_id", to_string(what.request)},
         {"accepted", what.accepted},
         {"stored", stored},
         {"pending", pending},
         {"dead", dead},
         {"erased", erased},
         {"issued_at", to_string(what.issued_at)},
         {"expires_at", to_string(what.expires_at)}},
        fmt::format("Genuine. Request {} of tenant {}, {}: {} events accepted, {} stored, {} "
                    "pending, {} dead, {} erased. {} {}.",
                    to_string(what.request), to_string(what.tenant), to_string(what.issued_at),
                    what.accepted, stored, pending, dead, erased,
                    expired ? "Expired since" : "Good until", to_string(what.expires_at)),
        pending == 0 && dead == 0 && !expired ? exit_status::fine : exit_status::finding};
}

base::result<report> verify(const settings& from, const std::string& token) {
    auto keys = open_keys(from);
    if (!keys) return keys.error();
    const auto receipt = keys->open(token);
    if (!receipt) return not_genuine();
    auto on = open_operator(from);
    if (!on) return on.error();
    return tell(*on, *receipt);
}

base::result<report> prune(const settings& from) {
    auto on = open_database(from, &settings::migrate_url);
    if (!on) return on.error();
    if (auto owner = on->exec(sql::become_owner); !owner) return owner.error();
    std::int64_t gone = 0;
    for (std::uint64_t last = slice; last == slice;) {
        const auto rows = on->exec(sql::prune_receipts, slice);
        if (!rows) return rows.error();
        last = rows->affected();
        gone += static_cast<std::int64_t>(last);
    }
    return report{{{"deleted", gone}},
                  fmt::format("{} expired rows of receipts deleted.", gone),
                  exit_status::fine};
}

}  // namespace

void add_receipt(command_line& line) {
    line.group("receipt", "receipts of POST /v1/events?receipt=1: verify, prune");
    const auto token = std::make_shared<std::string>();
    auto made = line.add("receipt verify", "who signed it, and what became of its events",
                         [token](const settings& from) { return verify(from, *token); });
    made.text(*token, "TOKEN", "the receipt of the 202", needed::yes);
    line.add("receipt prune", "daily: delete what no receipt can ask about any more", prune);
}

}  // namespace nd::ops

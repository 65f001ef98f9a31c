#include "workers/deliver.hpp"

#include "workers/park.hpp"

#include <fmt/format.h>

namespace nd::workers {
namespace {

std::vector<dead_letter> dead_of(const parcel& load, const stored& rows) {
    const auto unreadable = load.records.unreadable();
    std::vector<dead_letter> dead(unreadable.begin(), unreadable.end());
    for (const auto& refused : rows.refused) {
        auto reason = fmt::format("postgres_{}: {}", refused.sqlstate.substr(0, 2), refused.reason);
        dead.push_back(
            letter_of(load.records.rows()[refused.row], refused.sqlstate, std::move(reason)));
    }
    return dead;
}

base::result<> bury(const parcel& load, std::span<const dead_letter> dead,
                    const publish_dead& publish) {
    if (const auto share = share_of(load, dead); share.is_our_bug()) {
        const auto& first = dead.front();
        return base::failure(base::errc::refused,
                             fmt::format("{} of {} tenants have records that cannot be stored: not "
                                         "published, because that is no sender's fault (the first: "
                                         "partition {} offset {}: {})",
                                         share.with_dead, share.tenants, first.partition,
                                         first.offset, first.reason));
    }
    std::vector<base::outgoing_record> records;
    records.reserve(dead.size());
    for (const auto& letter : dead)
        records.push_back(to_record(letter, load.topic));
    return publish(records);
}

}  // namespace

base::result<delivered> deliver(const parcel& load, row_store& store, const publish_dead& publish) {
    // Progress past a record that is nowhere yet would lose it: it moves only after the publish.
    auto rows = store.store(load, load.records.unreadable().empty());
    if (!rows) return rows.error();
    delivered outcome{std::move(*rows), {}};
    outcome.dead = dead_of(load, outcome.rows);
    if (outcome.dead.empty()) return outcome;
    if (auto buried = bury(load, outcome.dead, publish); !buried) return buried.error();
    // Not the progress alone: it must not outlive rows that the server had not made durable yet.
    if (auto rest = store.store_rest(load, outcome.rows.refused); !rest) return rest.error();
    return outcome;
}

}  // namespace nd::workers

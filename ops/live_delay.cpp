#include "ops/live_delay.hpp"

#include "base/kafka_topics.hpp"
#include "ops/kafka_client.hpp"
#include "schema/record.hpp"
#include "sql/queries/read_progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nd::ops {
namespace {

using namespace std::chrono_literals;

// The live writer stores several times a second: one that is silent for so long is not there.
constexpr auto away_after = 10s;
constexpr std::size_t most_sights = 600;
constexpr int patience_ms = 5000;

bool all_stored(const live_delay::offsets& ends, const live_delay::offsets& stored) {
    return std::ranges::all_of(ends, [&stored](const auto& end) {
        const auto found = stored.find(end.first);
        return end.second <= (found == stored.end() ? 0 : found->second);
    });
}

}  // namespace

void live_delay::saw(clock::time_point now, const offsets& ends, const offsets& stored) {
    // Alive is who was seen to store something, or has nothing to store.
    if (all_stored(ends, stored) || (stored_ && stored != *stored_)) moved_at_ = now;
    stored_ = stored;
    unstored_.push_back({now, ends});
    while (!unstored_.empty() && all_stored(unstored_.front().ends, stored))
        unstored_.pop_front();
    if (unstored_.size() > most_sights) unstored_.pop_back();
    const bool away = !moved_at_ || now - *moved_at_ > away_after;
    late_ = unstored_.empty() || away
                ? 0ms
                : std::chrono::duration_cast<std::chrono::milliseconds>(now - unstored_.front().at);
}

base::result<live_watch> live_watch::open(const settings& from) {
    auto client = open_kafka_reader(from);
    if (!client) return client.error();
    live_watch made(std::move(*client));
    const std::array names{std::string(schema::events_topic)};
    const auto facts = base::list_topics(made.client_.get(), names, patience_ms * 1ms);
    if (!facts) return facts.error();
    made.partitions_ = facts->front().partitions;
    auto cluster = cluster_of(made.client_.get());
    if (!cluster) return cluster.error();
    made.cluster_ = std::move(*cluster);
    return made;
}

base::result<> live_watch::look(base::pg::connection& on) {
    live_delay::offsets ends;
    for (int p = 0; p < partitions_; ++p) {
        std::int64_t start = 0;
        std::int64_t end = 0;
        const auto code = rd_kafka_query_watermark_offsets(client_.get(), schema::events_topic, p,
                                                           &start, &end, patience_ms);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return base::failure(base::to_errc(code),
                                 fmt::format("reading the end of {} partition {}: {}",
                                             schema::events_topic, p, rd_kafka_err2str(code)));
        }
        // A log that was emptied counts as stored.
        if (end > start) ends[p] = end;
    }
    const auto rows = on.exec(sql::read_progress, cluster_, schema::events_topic);
    if (!rows) return rows.error();
    live_delay::offsets stored;
    for (const auto row : *rows)
        stored[static_cast<std::int32_t>(row.integer("partition"))] = row.integer("next_offset");
    delay_.saw(live_delay::clock::now(), ends, stored);
    return {};
}

}  // namespace nd::ops

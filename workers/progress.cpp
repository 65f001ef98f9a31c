#include "workers/progress.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nd::workers {

starting_point start_at(std::optional<std::int64_t> stored, std::optional<std::int64_t> committed,
                        base::kafka_log_bounds log) {
    if (!stored) return {log.start, 0, {}};
    if (*stored < log.start) {
        return {*stored, *stored,
                fmt::format("records {} to {} were deleted from the log before they were stored",
                            *stored, log.start - 1)};
    }
    if (*stored > log.end) {
        return {*stored, *stored,
                fmt::format("the log ends at {}, before the stored offset {}: the topic was made "
                            "again or cut",
                            log.end, *stored)};
    }
    // A commit that was lost lies below what is stored, and retention may have passed it since.
    const auto offset = std::max(log.start, std::min(*stored, committed.value_or(*stored)));
    return {offset, offset, {}};
}

positions::one* positions::find(std::int32_t partition) {
    const auto at = std::find_if(all_.begin(), all_.end(),
                                 [&](const one& o) { return o.partition == partition; });
    return at == all_.end() ? nullptr : &*at;
}

void positions::start(std::int32_t partition, const starting_point& at, std::int64_t log_end) {
    all_.push_back({partition, at.offset, at.expected, at.offset, log_end, at.stopped});
}

bool positions::take(std::int32_t partition, std::int64_t offset, std::vector<covered>& into) {
    auto* mine = find(partition);
    if (mine == nullptr || !mine->stopped.empty() || offset < mine->read) return false;
    auto in_batch = std::find_if(into.begin(), into.end(),
                                 [&](const covered& c) { return c.partition == partition; });
    if (in_batch == into.end()) {
        in_batch = into.insert(into.end(), {partition, mine->expected, mine->read, 0});
    }
    mine->read = offset + 1;
    in_batch->next = mine->read;
    return true;
}

void positions::sent(std::span<const covered> batch) {
    for (const auto& c : batch) {
        if (auto* mine = find(c.partition)) mine->expected = c.next;
    }
}

void positions::stored(std::span<const covered> batch) {
    for (const auto& c : batch) {
        if (auto* mine = find(c.partition)) mine->done = std::max(mine->done, c.next);
    }
}

void positions::stop(std::int32_t partition, std::string why) {
    if (auto* mine = find(partition)) mine->stopped = std::move(why);
}

std::vector<base::kafka_position> positions::fetch_list() const {
    std::vector<base::kafka_position> list;
    for (const auto& o : all_) {
        if (o.stopped.empty()) list.push_back({o.partition, o.read});
    }
    return list;
}

bool positions::beyond(std::span<const base::kafka_position> progress) const {
    return std::any_of(all_.begin(), all_.end(), [&](const one& o) {
        const auto row = std::find_if(progress.begin(), progress.end(),
                                      [&](const auto& p) { return p.partition == o.partition; });
        return o.stopped.empty() && o.expected > (row == progress.end() ? 0 : row->offset);
    });
}

std::int64_t positions::backlog() const {
    std::int64_t sum = 0;
    for (const auto& o : all_) {
        if (o.stopped.empty()) sum += std::max<std::int64_t>(0, o.log_end - o.read);
    }
    return sum;
}

}  // namespace nd::workers

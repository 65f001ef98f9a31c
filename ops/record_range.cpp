#include "ops/record_range.hpp"

#include "base/parse_number.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nd::ops {
namespace {

base::error wrong(std::string detail) {
    return base::failure(base::errc::invalid, std::move(detail));
}

base::result<std::optional<schema::instant>> time_of(const char* flag, const std::string& text,
                                                     schema::instant now) {
    if (text.empty()) return std::optional<schema::instant>();
    const auto read = schema::parse_instant(text);
    if (read.fault != schema::time_fault::none) {
        return wrong(fmt::format("{} {}: {}", flag, text, schema::to_sentence(read.fault)));
    }
    if (read.at > now) {
        return wrong(
            fmt::format("{} {} lies in the future (it is {} now): leave {} out to mean "
                        "everything up to now",
                        flag, text, schema::to_string(now), flag));
    }
    return std::optional(read.at);
}

const partition_offset* find(const std::vector<partition_offset>& in, std::int32_t partition) {
    const auto at = std::ranges::find(in, partition, &partition_offset::partition);
    return at == in.end() ? nullptr : &*at;
}

base::result<std::vector<partition_offset>> offsets_of(const char* flag, const std::string& text) {
    std::vector<partition_offset> all;
    for (std::size_t at = 0; at < text.size();) {
        const auto comma = std::min(text.find(',', at), text.size());
        const auto made = parse_partition_offset(std::string_view(text).substr(at, comma - at));
        if (!made) {
            return wrong(
                fmt::format("{} {}: write PARTITION:OFFSET,..., as in 0:1200,1:980", flag, text));
        }
        if (find(all, made->partition) != nullptr) {
            return wrong(fmt::format("{} names partition {} twice", flag, made->partition));
        }
        all.push_back(*made);
        at = comma + 1;
    }
    return all;
}

base::result<> check_order(const range_wish& wish, const range_words& words) {
    const auto verdict = [](bool equal) { return equal ? "is empty" : "is reversed"; };
    if (wish.from && wish.to && *wish.from >= *wish.to) {
        return wrong(fmt::format("the range {}: --from {} is not before --to {}",
                                 verdict(*wish.from == *wish.to), words.from, words.to));
    }
    for (const auto& from : wish.from_offsets) {
        const auto* to = find(wish.to_offsets, from.partition);
        if (to != nullptr && from.offset >= to->offset) {
            return wrong(fmt::format("the range of partition {} {}: offset {} is not before {}",
                                     from.partition, verdict(from.offset == to->offset),
                                     from.offset, to->offset));
        }
    }
    return {};
}

std::string from_ms(std::int64_t ms) {
    return schema::to_string(schema::instant{ms * 1000});
}

base::error cut(const topic_log& log, const partition_log& one, const std::string& there_is) {
    return base::failure(
        base::errc::refused,
        fmt::format("retention has cut the beginning of this range: partition {} of {} begins at "
                    "offset {}; {}",
                    one.partition, log.topic, one.start, there_is));
}

// The records before the log's start are gone; whether one of them was meant, only what is left
// can tell: they are not younger than its first record, or than the retention.
base::result<> check_cut(const topic_log& log, const partition_log& one, schema::instant from,
                         schema::instant now) {
    if (one.start == 0 || one.at_from.value_or(one.end) > one.start) return {};
    if (one.start < one.end) {
        if (!one.first_ms || from.us > *one.first_ms * 1000) return {};
        return cut(log, one, fmt::format("it is whole from {} on", from_ms(*one.first_ms + 1)));
    }
    if (log.retention_ms >= 0 && from.us >= now.us - log.retention_ms * 1000) return {};
    return cut(log, one,
               log.retention_ms < 0 ? std::string("all its records were deleted by hand")
                                    : fmt::format("it is empty, and retention keeps {} h",
                                                  log.retention_ms / 3'600'000));
}

base::result<partition_span> between_times(const range_wish& wish, const topic_log& log,
                                           const partition_log& one, schema::instant now) {
    if (wish.from) {
        if (auto whole = check_cut(log, one, *wish.from, now); !whole) return whole.error();
    }
    const auto begin = std::max(one.start, wish.from ? one.at_from.value_or(one.start) : one.start);
    const auto end = std::min(one.end, wish.to ? one.after_to.value_or(one.end) : one.end);
    return partition_span{one.partition, std::min(begin, end), end};
}

// A partition that is not named is not read.
base::result<partition_span> between_offsets(const range_wish& wish, const topic_log& log,
                                             const partition_log& one) {
    const auto* from = find(wish.from_offsets, one.partition);
    const auto* to = find(wish.to_offsets, one.partition);
    if (from == nullptr && to == nullptr) return partition_span{one.partition, one.end, one.end};
    const auto begin = from != nullptr ? from->offset : one.start;
    const auto end = to != nullptr ? to->offset : one.end;
    if (begin < one.start) {
        return cut(log, one, fmt::format("offset {} is gone", begin));
    }
    if (begin > one.end || end > one.end) {
        return wrong(fmt::format("partition {} of {} ends at offset {}: {} is still to come",
                                 one.partition, log.topic, one.end, std::max(begin, end)));
    }
    if (begin >= end) {
        return wrong(
            fmt::format("the range of partition {} is empty: it begins at offset {} and "
                        "ends at {}",
                        one.partition, begin, end));
    }
    return partition_span{one.partition, begin, end};
}

base::result<> check_known(const std::vector<partition_offset>& named, const topic_log& log) {
    for (const auto& one : named) {
        if (one.partition < std::ssize(log.partitions)) continue;
        return wrong(fmt::format("{} has no partition {}: its {} partitions are 0 to {}", log.topic,
                                 one.partition, log.partitions.size(),
                                 std::ssize(log.partitions) - 1));
    }
    return {};
}

}  // namespace

std::optional<partition_offset> parse_partition_offset(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto partition = base::parse_number<std::int32_t>(text.substr(0, colon));
    const auto offset = base::parse_number<std::int64_t>(text.substr(colon + 1));
    if (!partition || !offset || *partition < 0 || *offset < 0) return std::nullopt;
    return partition_offset{*partition, *offset};
}

base::result<range_wish> parse_range(const range_words& words, schema::instant now) {
    const bool times = !words.from.empty() || !words.to.empty();
    const bool offsets = !words.from_offset.empty() || !words.to_offset.empty();
    if (times && offsets) {
        return wrong(
            "say the range as times (--from, --to) or as offsets (--from-offset, "
            "--to-offset), not as both");
    }
    range_wish wish;
    const auto from = time_of("--from", words.from, now);
    if (!from) return from.error();
    const auto to = time_of("--to", words.to, now);
    if (!to) return to.error();
    auto from_offsets = offsets_of("--from-offset", words.from_offset);
    if (!from_offsets) return from_offsets.error();
    auto to_offsets = offsets_of("--to-offset", words.to_offset);
    if (!to_offsets) return to_offsets.error();
    wish = {*from, *to, std::move(*from_offsets), std::move(*to_offsets)};
    if (auto order = check_order(wish, words); !order) return order.error();
    return wish;
}

bool record_range::holds(std::int64_t timestamp_ms) const {
    return (!from || timestamp_ms * 1000 >= from->us) && (!to || timestamp_ms * 1000 < to->us);
}

std::int64_t record_range::records() const {
    std::int64_t sum = 0;
    for (const auto& span : spans)
        sum += span.size();
    return sum;
}

base::result<record_range> bracket(const range_wish& wish, const topic_log& log,
                                   schema::instant now) {
    record_range made{log.topic, log.cluster, static_cast<std::int32_t>(log.partitions.size()),
                      wish.from, wish.to,     {},
                      {}};
    for (const auto* named : {&wish.from_offsets, &wish.to_offsets}) {
        if (auto known = check_known(*named, log); !known) return known.error();
    }
    const bool offsets = !wish.from_offsets.empty() || !wish.to_offsets.empty();
    // Of several partitions that are cut the one that is whole the latest speaks: a beginning that
    // another one names, it would refuse.
    const auto latest = std::ranges::max_element(log.partitions, {}, &partition_log::first_ms);
    if (wish.from && latest != log.partitions.end()) {
        if (auto whole = check_cut(log, *latest, *wish.from, now); !whole) return whole.error();
    }
    for (const auto& one : log.partitions) {
        const auto span =
            offsets ? between_offsets(wish, log, one) : between_times(wish, log, one, now);
        if (!span) return span.error();
        made.spans.push_back(*span);
        made.watermark.push_back({one.partition, one.end});
    }
    return made;
}

base::result<> check_still_there(const record_range& range,
                                 const std::vector<partition_offset>& next, const topic_log& log) {
    if (std::ssize(log.partitions) != range.topic_partitions) {
        return base::failure(
            base::errc::refused,
            fmt::format("{} has {} partitions now and had {} when the range was resolved: a "
                        "tenant's records may lie in two of them. Name the range again",
                        log.topic, log.partitions.size(), range.topic_partitions));
    }
    for (const auto& span : range.spans) {
        const auto& one = log.partitions.at(static_cast<std::size_t>(span.partition));
        const auto* at = find(next, span.partition);
        const auto from = at != nullptr ? at->offset : span.begin;
        if (from >= span.end) continue;
        if (one.end < span.end || log.cluster != range.cluster) {
            return base::failure(base::errc::refused,
                                 fmt::format("{} was made anew since the range was resolved: its "
                                             "partition {} ends at offset {} now. Name the range "
                                             "again",
                                             log.topic, span.partition, one.end));
        }
        if (one.start > from) return cut(log, one, fmt::format("offset {} is gone", from));
    }
    return {};
}

}  // namespace nd::ops

#include "ops/audit_scope.hpp"

#include "ops/record_log.hpp"
#include "schema/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace nd::ops {
namespace {

// Everything that rows come from. nd.import.v1 is there once something was imported.
constexpr std::array row_topics{schema::events_topic, schema::import_topic};

audit_source* find(std::vector<audit_source>& in, const std::string& topic,
                   std::int32_t partition) {
    const auto at = std::ranges::find_if(in, [&](const audit_source& one) {
        return one.topic == topic && one.partition == partition;
    });
    return at == in.end() ? nullptr : &*at;
}

base::result<std::vector<record_range>> resolve_topics(const settings& from, const range_wish& wish,
                                                       const std::string& only) {
    std::vector<record_range> ranges;
    for (const std::string topic : row_topics) {
        if (!only.empty() && topic != only) continue;
        auto range = resolve_range(from, topic, wish);
        const bool optional = only.empty() && topic != schema::events_topic;
        if (!range && optional && range.error().code == base::errc::not_found) continue;
        if (!range) return range.error();
        ranges.push_back(std::move(*range));
    }
    if (ranges.empty()) {
        return base::failure(base::errc::invalid,
                             fmt::format("--topic {}: rows come from {} and {} only", only,
                                         row_topics[0], row_topics[1]));
    }
    return ranges;
}

void put_sources(audit_scope& scope, const std::vector<record_range>& ranges) {
    scope.sources.clear();
    for (const auto& range : ranges) {
        for (const auto& span : range.spans)
            scope.sources.push_back({range.topic, span.partition, span.begin, span.end, 0});
    }
}

base::result<> read_stored(base::pg::connection& on, audit_scope& scope) {
    std::set<std::string> topics;
    for (const auto& source : scope.sources)
        topics.insert(source.topic);
    for (const auto& topic : topics) {
        const auto stored = stored_until(on, scope.cluster, topic);
        if (!stored) return stored.error();
        for (auto& source : scope.sources) {
            const auto at =
                std::ranges::find(*stored, source.partition, &partition_offset::partition);
            if (source.topic == topic && at != stored->end()) source.stored = at->offset;
        }
    }
    return {};
}

// Without --from everything is meant that ever arrived, which only a whole log can answer.
base::result<> refuse_cut(const audit_scope& scope) {
    for (const auto& source : scope.sources) {
        if (source.begin == 0) continue;
        return base::failure(
            base::errc::refused,
            fmt::format("{} partition {} begins at offset {}, since retention has cut what was "
                        "before: say with --from since when the audit is to look",
                        source.topic, source.partition, source.begin));
    }
    return {};
}

// Without --to the range ends now, or before the first live record that is not stored yet. Imports
// may lie there for days until somebody starts their writer: they are pending, and stop nobody.
base::result<> find_watermark(const settings& from, const audit_scope& scope, schema::instant now,
                              range_wish& wish) {
    wish.to = now;
    for (const auto& source : scope.sources) {
        if (source.topic != schema::events_topic) continue;
        const auto next = std::max(source.stored, source.begin);
        const auto ms = first_time(from, source.topic, {source.partition, next, source.end});
        if (!ms) return ms.error();
        if (!*ms) continue;
        const schema::instant at{**ms * 1000};
        wish.to = std::min(*wish.to, at);
        if (wish.from && *wish.to <= *wish.from) {
            return base::failure(
                base::errc::refused,
                fmt::format("nothing to audit yet: the writer stands at {} of {} partition {}, "
                            "which arrived at {}, and the range begins at {}",
                            source.stored, source.topic, source.partition, schema::to_string(at),
                            schema::to_string(*wish.from)));
        }
    }
    return {};
}

}  // namespace

std::int64_t audit_scope::records() const {
    std::int64_t sum = 0;
    for (const auto& source : sources)
        sum += source.end - source.begin;
    return sum;
}

base::result<audit_scope> resolve_scope(const settings& from, base::pg::connection& on,
                                        const audit_words& words, schema::instant now) {
    auto wish = parse_range(words.range, now);
    if (!wish) return wish.error();
    audit_scope scope;
    scope.by_time = wish->from_offsets.empty() && wish->to_offsets.empty();
    if (scope.by_time && !words.topic.empty()) {
        return base::failure(base::errc::invalid,
                             "--topic goes with --from-offset and --to-offset: a range of times is "
                             "about all rows that arrived, whichever topic they came by");
    }
    const auto only = scope.by_time         ? std::string()
                      : words.topic.empty() ? std::string(schema::events_topic)
                                            : words.topic;
    auto ranges = resolve_topics(from, *wish, only);
    if (!ranges) return ranges.error();
    scope.cluster = ranges->front().cluster;
    put_sources(scope, *ranges);
    if (auto read = read_stored(on, scope); !read) return read.error();
    if (!scope.by_time) return scope;
    if (!wish->from) {
        if (auto whole = refuse_cut(scope); !whole) return whole.error();
    }
    const bool open = !wish->to;
    if (open) {
        if (auto found = find_watermark(from, scope, now, *wish); !found) return found.error();
    }
    scope.from = wish->from;
    scope.to = wish->to;
    if (!open) return scope;
    // The offsets of the watermark's time.
    const auto stored = scope.sources;
    ranges = resolve_topics(from, *wish, only);
    if (!ranges) return ranges.error();
    put_sources(scope, *ranges);
    for (const auto& one : stored) {
        if (auto* same = find(scope.sources, one.topic, one.partition)) same->stored = one.stored;
    }
    return scope;
}

base::result<std::vector<partition_span>> extend(const settings& from, audit_scope& scope) {
    std::vector<partition_span> pieces;
    if (!scope.by_time) return pieces;
    auto ranges = resolve_topics(from, {scope.from, scope.to, {}, {}}, {});
    if (!ranges) return ranges.error();
    const auto before = scope.sources;
    for (const auto& range : *ranges) {
        for (const auto& span : range.spans) {
            auto* known = find(scope.sources, range.topic, span.partition);
            if (known == nullptr) {
                scope.sources.push_back({range.topic, span.partition, span.begin, span.end, 0});
            } else {
                known->end = std::max(known->end, span.end);
            }
        }
    }
    for (std::size_t i = 0; i < scope.sources.size(); ++i) {
        const auto& source = scope.sources[i];
        const auto begin = i < before.size() ? before[i].end : source.begin;
        pieces.push_back({source.partition, begin, source.end});
    }
    return pieces;
}

}  // namespace nd::ops

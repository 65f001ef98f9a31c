#include "ops/dead_erasure.hpp"

#include "base/pg_array.hpp"
#include "ops/record_log.hpp"
#include "schema/record.hpp"
#include "sql/queries/tenant/mark_dead.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

namespace nd::ops {
namespace {

constexpr std::size_t most_at_once = 1000;
constexpr std::chrono::milliseconds longest_read{1000};

struct letters {
    base::pg::int4_array partitions;
    base::pg::int8_array offsets;
};

base::result<std::int64_t> mark(base::pg::connection& on, const erasure& what,
                                const std::string& cluster, letters& found) {
    if (found.offsets.empty()) return 0;
    auto inside = base::pg::tenant_tx::begin(on, what.tenant);
    if (!inside) return inside.error();
    const auto rows = inside->exec(sql::mark_dead, what.tenant, found.partitions, found.offsets,
                                   "erased", cluster, "ndctl erase");
    if (!rows) return rows.error();
    if (auto done = inside->commit(); !done) return done.error();
    found.partitions.clear();
    found.offsets.clear();
    return (*rows)[0].integer("changed");
}

bool names(std::string_view value, const std::string& user, schema::event_scanner& scanner) {
    if (const auto event = scanner.scan(value)) return event->user_id && *event->user_id == user;
    return value.find(boost::json::serialize(boost::json::string(user))) != std::string_view::npos;
}

}  // namespace

bool is_of(const schema::raw_record& letter, const erasure& what, schema::instant until,
           schema::event_scanner& scanner) {
    const auto tenant = letter.key ? schema::tenant_of(*letter.key) : std::nullopt;
    if (!tenant || to_string(*tenant) != what.tenant) return false;
    // One that does not say when it arrived died after it arrived: what is there now is meant.
    const auto arrived = schema::arrival_of(letter);
    if (arrived && *arrived * 1000 > until.us) return false;
    if (!what.user) return true;
    return letter.value && names(*letter.value, *what.user, scanner);
}

base::result<std::int64_t> erase_letters(const settings& from, base::pg::connection& on,
                                         const erasure& what, schema::instant until) {
    const auto range = resolve_range(from, schema::dead_topic, {});
    if (!range) return range.error();
    schema::event_scanner scanner;
    std::int64_t marked = 0;
    for (const auto& span : range->spans) {
        if (span.size() == 0) continue;
        auto reader = record_reader::open(from, schema::dead_topic, span);
        if (!reader) return reader.error();
        letters found;
        while (!(*reader)->done()) {
            const auto read = (*reader)->read(longest_read, [&](const auto& message) {
                const auto raw = schema::raw_of(message);
                if (!is_of(raw, what, until, scanner)) return;
                found.partitions.add(raw.partition);
                found.offsets.add(raw.offset);
            });
            if (!read) return read.error();
            if (found.offsets.size() < most_at_once && !(*reader)->done()) continue;
            const auto done = mark(on, what, range->cluster, found);
            if (!done) return done.error();
            marked += *done;
        }
    }
    return marked;
}

}  // namespace nd::ops

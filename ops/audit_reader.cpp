#include "ops/audit_reader.hpp"

#include "ops/record_log.hpp"
#include "schema/read_record.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

namespace nd::ops {
namespace {

using namespace std::chrono_literals;

// Equal payloads have equal prints on one machine in one run; more is not asked of it.
std::uint64_t print_of(const schema::record_view& record) {
    const std::hash<std::string_view> hash;
    const auto& event = record.event;
    std::uint64_t print = hash(event.name);
    const auto mix = [&print](std::uint64_t more) {
        print = (print ^ more) * 0x9e37'79b9'7f4a'7c15ULL;
        print ^= print >> 29;
    };
    for (const auto& text : {event.session_id, event.user_id, event.page})
        mix(text ? hash(*text) + 1 : 0);
    mix(hash(event.properties));
    mix(static_cast<std::uint64_t>(record.environment));
    return print;
}

}  // namespace

std::optional<sighting> sighting_of(const base::kafka_received& record,
                                    schema::event_scanner& scanner, audit_marks& marks) {
    const auto raw = schema::raw_of(record);
    const auto view = schema::read_record(raw, scanner);
    if (!view) return std::nullopt;
    sighting made;
    made.tenant = view->tenant;
    made.occurred_us = view->event.occurred_at.us;
    made.event = view->event.id;
    made.payload = print_of(*view);
    const auto deaths = static_cast<std::uint32_t>(schema::deaths_of(raw.attempt));
    made.marks = marks.of(*view) | std::min(deaths, sighting::most_deaths) * sighting::one_death;
    return made;
}

bool audit_reader::is_wanted(const base::kafka_received& record) const {
    if (!scope_->holds(record.timestamp_ms())) return false;
    if (!only_) return true;
    const auto key = record.key();
    return key && schema::tenant_of(*key) == only_;
}

base::result<> audit_reader::take(std::uint32_t source, const base::kafka_received& record,
                                  sighting_sorter& into) {
    if (!is_wanted(record)) return {};
    first_ms_ = std::min(first_ms_.value_or(record.timestamp_ms()), record.timestamp_ms());
    const bool due = record.offset() < scope_->sources[source].stored;
    auto seen = sighting_of(record, scanner_, *marks_);
    if (!seen) return due ? unreadable_.add({source, record.offset()}) : base::result<>();
    seen->source = source;
    seen->offset = record.offset();
    if (due) seen->marks |= sighting::due;
    return into.add(*seen);
}

base::result<> audit_reader::read(std::uint32_t source, const partition_span& span,
                                  sighting_sorter& into,
                                  const std::function<void(std::uint64_t)>& progress) {
    auto reader = record_reader::open(*from_, scope_->sources[source].topic, span);
    if (!reader) return reader.error();
    while (!(*reader)->done()) {
        base::result<> taken;
        const auto read = (*reader)->read(200ms, [&](const base::kafka_received& record) {
            ++records_;
            if (taken) taken = take(source, record, into);
        });
        if (!read) return read.error();
        if (!taken) return taken;
        progress(records_);
    }
    return {};
}

}  // namespace nd::ops

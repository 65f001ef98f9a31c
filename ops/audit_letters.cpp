#include "ops/audit_letters.hpp"

#include "base/parse_number.hpp"
#include "base/pg_array.hpp"
#include "ops/record_log.hpp"
#include "schema/record.hpp"
#include "sql/queries/tenant/dead_states.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <vector>

namespace nd::ops {
namespace {

using namespace std::chrono_literals;

// Brokers' clocks differ: a letter may be stamped earlier than the record that it is about.
constexpr std::int64_t clocks_ms = 300'000;
constexpr std::size_t at_once = 5000;

struct letters {
    sighting_sorter by_event;  // source and offset are the letter's own
    place_sorter by_place;     // of the records that they are about
};

struct headers {
    std::string_view topic;
    std::int32_t partition = -1;
    std::int64_t offset = -1;
};

headers headers_of(const base::kafka_received& record) {
    headers found;
    record.each_header([&found](std::string_view name, std::string_view value) {
        if (name == schema::source_topic_header) found.topic = value;
        if (name == schema::source_partition_header)
            found.partition = base::parse_number<std::int32_t>(value).value_or(-1);
        if (name == schema::source_offset_header)
            found.offset = base::parse_number<std::int64_t>(value).value_or(-1);
    });
    return found;
}

std::optional<log_place> place_of(const headers& said, const audit_scope& scope) {
    for (std::uint32_t i = 0; i < scope.sources.size(); ++i) {
        const auto& one = scope.sources[i];
        if (one.topic == said.topic && one.partition == said.partition && said.offset >= 0)
            return log_place{i, said.offset};
    }
    return std::nullopt;
}

base::result<record_range> range_of_letters(const letter_scope& by) {
    range_wish wish;
    if (by.first_ms) wish.from = schema::instant{(*by.first_ms - clocks_ms) * 1000};
    auto range = resolve_range(*by.from, schema::dead_topic, wish);
    // Retention has cut what is older: then everything that is left.
    if (!range && range.error().code == base::errc::refused)
        return resolve_range(*by.from, schema::dead_topic, {});
    return range;
}

base::result<> read_letters(const letter_scope& by, letters& into) {
    const auto range = range_of_letters(by);
    if (!range) return range.error();
    schema::event_scanner scanner;
    audit_marks unmarked;
    for (const auto& span : range->spans) {
        auto reader = record_reader::open(*by.from, schema::dead_topic, span);
        if (!reader) return reader.error();
        base::result<> kept;
        const auto keep = [&](const base::kafka_received& record) {
            if (!kept) return;
            const auto place = place_of(headers_of(record), *by.scope);
            if (place) kept = into.by_place.add(*place);
            auto event = sighting_of(record, scanner, unmarked);
            if (!kept || !event) return;
            event->source = static_cast<std::uint32_t>(record.partition());
            event->offset = record.offset();
            kept = into.by_event.add(*event);
        };
        while (!(*reader)->done()) {
            if (auto read = (*reader)->read(200ms, keep); !read) return read;
            if (!kept) return kept;
        }
    }
    return {};
}

// One tenant's events without a row, each with its letters: asked about together.
class one_tenant {
  public:
    one_tenant(const letter_scope& by, const std::function<void(const sighting&, fate)>& f)
        : by_(&by), f_(&f) {}

    [[nodiscard]] base::result<> add(const sighting& event, std::vector<sighting> letters) {
        if (!asked_.empty() &&
            (asked_.front().event.tenant != event.tenant || letters_ >= at_once)) {
            if (auto told = tell(); !told) return told;
        }
        letters_ += letters.size() + 1;
        asked_.push_back({event, std::move(letters)});
        return {};
    }

    [[nodiscard]] base::result<> tell() {
        if (asked_.empty()) return {};
        const auto known = states();
        if (!known) return known.error();
        for (const auto& one : asked_) {
            std::vector<letter_state> said;
            for (const auto& letter : one.letters) {
                const auto at = known->find({letter.source, letter.offset});
                said.push_back({at == known->end() ? std::string() : at->second, letter.deaths()});
            }
            (*f_)(one.event, fate_of(said, one.event.deaths()));
        }
        asked_.clear();
        letters_ = 0;
        return {};
    }

  private:
    struct unsettled {
        sighting event;
        std::vector<sighting> letters;
    };
    using states_by_place = std::map<std::pair<std::uint32_t, std::int64_t>, std::string>;

    [[nodiscard]] base::result<states_by_place> states() const {
        base::pg::int4_array partitions;
        base::pg::int8_array offsets;
        for (const auto& event : asked_) {
            for (const auto& letter : event.letters) {
                partitions.add(static_cast<std::int32_t>(letter.source));
                offsets.add(letter.offset);
            }
        }
        states_by_place known;
        if (partitions.empty()) return known;
        const auto tenant = schema::to_string(asked_.front().event.tenant);
        auto inside = base::pg::tenant_tx::begin(*by_->on, tenant);
        if (!inside) return inside.error();
        const auto rows =
            inside->exec(sql::dead_states, tenant, by_->scope->cluster, partitions, offsets);
        if (!rows) return rows.error();
        for (const auto row : *rows) {
            known[{static_cast<std::uint32_t>(row.integer("partition")), row.integer("offset")}] =
                row.text("state");
        }
        if (auto ended = inside->commit(); !ended) return ended.error();
        return known;
    }

    const letter_scope* by_;
    const std::function<void(const sighting&, fate)>* f_;
    std::vector<unsettled> asked_;
    std::size_t letters_ = 0;
};

base::result<> settle_events(const letter_scope& by, sighting_sorter& events,
                             sighting_sorter& letters,
                             const std::function<void(const sighting&, fate)>& f) {
    auto event = events.begin();
    if (!event) return event.error();
    auto letter = letters.begin();
    if (!letter) return letter.error();
    auto next = letter->next();
    one_tenant asking(by, f);
    while (true) {
        const auto one = event->next();
        if (!one) return one.error();
        if (*one == nullptr) return asking.tell();
        std::vector<sighting> mine;
        while (next && *next != nullptr && by_identity::compare(**next, **one) <= 0) {
            if (by_identity::compare(**next, **one) == 0) {
                if (mine.size() == at_once) mine.erase(mine.begin());  // of thousands, the newest
                mine.push_back(**next);
            }
            next = letter->next();
        }
        if (!next) return next.error();
        if (auto added = asking.add(**one, std::move(mine)); !added) return added;
    }
}

base::result<> settle_places(place_sorter& places, place_sorter& letters,
                             const std::function<void(const log_place&, fate)>& g) {
    auto place = places.begin();
    if (!place) return place.error();
    auto letter = letters.begin();
    if (!letter) return letter.error();
    auto next = letter->next();
    while (true) {
        const auto one = place->next();
        if (!one) return one.error();
        if (*one == nullptr) return {};
        while (next && *next != nullptr && **next < **one)
            next = letter->next();
        if (!next) return next.error();
        g(**one, *next != nullptr && **next == **one ? fate::dead : fate::lost);
    }
}

}  // namespace

fate fate_of(std::span<const letter_state> letters, std::uint32_t deaths) {
    const auto has = [letters](std::string_view state) {
        return std::ranges::find(letters, state, &letter_state::state) != letters.end();
    };
    if (has("")) return fate::dead;
    if (has("erased")) return fate::erased;
    if (has("dropped")) return fate::dropped;
    const bool newer = std::ranges::any_of(
        letters, [deaths](const letter_state& one) { return one.deaths > deaths; });
    return newer ? fate::again : fate::lost;
}

base::result<> settle(const letter_scope& by, unstored& of,
                      const std::function<void(const sighting& event, fate became)>& f,
                      const std::function<void(const log_place& place, fate became)>& g) {
    if (of.events.size() == 0 && of.places.size() == 0) return {};
    letters found;
    if (auto read = read_letters(by, found); !read) return read;
    if (auto settled = settle_events(by, of.events, found.by_event, f); !settled) return settled;
    return settle_places(of.places, found.by_place, g);
}

}  // namespace nd::ops

#include "workers/batch.hpp"

#include "schema/record.hpp"

#include <algorithm>
#include <functional>

namespace nd::workers {
namespace {

std::optional<std::string> copy(std::optional<std::string_view> text) {
    return text ? std::optional<std::string>(*text) : std::nullopt;
}

// A text of an event that needed no unescaping lies inside the event's own bytes, which the batch
// keeps anyway; only the others are copied.
class keeper {
  public:
    keeper(text_arena& texts, std::string_view raw)
        : texts_(texts), from_(raw), kept_(texts.keep(raw)) {}

    [[nodiscard]] std::string_view raw() const { return kept_; }
    std::string_view operator()(std::string_view text) {
        const std::less_equal<const char*> before;
        if (before(from_.data(), text.data()) &&
            before(text.data() + text.size(), from_.data() + from_.size())) {
            return kept_.substr(static_cast<std::size_t>(text.data() - from_.data()), text.size());
        }
        return texts_.keep(text);
    }
    std::optional<std::string_view> operator()(std::optional<std::string_view> text) {
        return text ? std::optional((*this)(*text)) : std::nullopt;
    }

  private:
    text_arena& texts_;
    std::string_view from_;
    std::string_view kept_;
};

}  // namespace

void batch::clear() {
    rows_.clear();
    unreadable_.clear();
    covers_.clear();
    texts_.clear();
    bytes_ = 0;
    oldest_ = {};
    has_receipts_ = false;
}

void batch::add_row(const raw_record& raw, const record_view& read) {
    const auto& event = read.event;
    keeper keep(texts_, event.raw);
    rows_.push_back({read.tenant, event.id, event.occurred_at, read.received_at, read.environment,
                     keep(event.name), keep(event.session_id), keep(event.user_id),
                     keep(event.page), keep(event.properties), keep.raw(), keep(raw.request),
                     keep(raw.attempt), keep(raw.history), raw.partition, raw.offset,
                     receipt_place_of(raw.request, raw.receipt)});
    has_receipts_ = has_receipts_ || rows_.back().receipt;
    oldest_ = rows_.size() == 1 ? read.received_at : std::min(oldest_, read.received_at);
}

bool batch::take(const raw_record& raw, positions& at, schema::event_scanner& scanner) {
    if (!at.take(raw.partition, raw.offset, covers_)) return false;
    const auto read = read_record(raw, scanner);
    if (read) {
        add_row(raw, *read);
    } else {
        unreadable_.push_back(letter_of(raw, read.error().detail));
    }
    bytes_ += raw.value.value_or("").size() + raw.key.value_or("").size();
    return true;
}

dead_letter letter_of(const raw_record& raw, std::string reason) {
    const auto arrival = arrival_of(raw);
    const auto arrived = arrival ? std::optional(*arrival) : std::nullopt;
    return {copy(raw.key),
            copy(raw.value),
            copy(raw.environment),
            copy(raw.request),
            copy(raw.attempt),
            raw.partition,
            raw.offset,
            {},
            std::move(reason),
            arrived,
            copy(raw.history),
            copy(raw.receipt)};
}

dead_letter letter_of(const batch_row& row, std::string sqlstate, std::string reason) {
    return {schema::to_string(row.tenant),
            std::string(row.raw),
            std::string(schema::to_string(row.environment)),
            copy(row.request),
            copy(row.attempt),
            row.partition,
            row.offset,
            std::move(sqlstate),
            std::move(reason),
            row.received_at.us / 1000,
            copy(row.history),
            row.receipt ? std::optional(std::to_string(row.receipt->place)) : std::nullopt};
}

batch_limits limits_for(const batch_limits& calm, std::int64_t backlog) {
    const auto late = static_cast<std::size_t>(std::max<std::int64_t>(0, backlog));
    return {std::clamp(late / 2, calm.records, 4 * calm.records), calm.bytes};
}

bool is_full(const batch& b, const batch_limits& limits) {
    return b.records() >= limits.records || b.bytes() >= limits.bytes;
}

}  // namespace nd::workers

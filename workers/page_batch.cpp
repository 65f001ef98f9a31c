#include "workers/page_batch.hpp"

namespace nd::workers {

void page_batch::clear() {
    tenants_.clear();
    met_.clear();
    unreadable_.clear();
    records_ = repeated_ = bytes_ = 0;
}

void page_batch::take(const raw_record& raw) {
    ++records_;
    bytes_ += raw.value.value_or("").size();
    const auto tenant = raw.key ? schema::tenant_of(*raw.key) : std::nullopt;
    if (!tenant) {
        unreadable_.push_back(letter_of(raw, "bad_key: the record's key is no tenant's UUID"));
        return;
    }
    if (!raw.value) {
        unreadable_.push_back(letter_of(raw, "no_value: the record has no value"));
        return;
    }
    auto page = reader_.read(*raw.value);
    if (!page) {
        unreadable_.push_back(letter_of(raw, page.error().detail));
        return;
    }
    // Over what was read: a header says what the edge thought, and is not what is stored.
    const auto fingerprint = schema::fingerprint_of(*tenant, *page);
    if (!met_.emplace(*tenant, fingerprint.bytes, page->session().hex()).second) {
        ++repeated_;
        return;
    }
    tenants_[*tenant].push_back({std::move(*page), fingerprint, letter_of(raw, "")});
}

}  // namespace nd::workers

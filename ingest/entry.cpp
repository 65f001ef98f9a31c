#include "ingest/entry.hpp"

#include <utility>

namespace nd::ingest {

bool entry::take(key_answer key) {
    if (!key) {
        refused_ = std::move(key.error());
        return false;
    }
    refused_ = use_refusal(*key, scope_, head_.origin.get());
    if (!refused_) key_ = std::move(*key);
    return key_.has_value();
}

void entry::take(const admission& place) {
    place_ = place;
    if (!place.admitted) refused_ = over_limit(place);
}

bool entry::pass_now() {
    const auto header = head_.key.get();
    if (!header) {
        refused_ = no_key();
        return true;
    }
    auto key = at_.keys.resolve_now(*header);
    if (!key) return false;
    if (!take(*std::move(key))) return true;
    const auto place = at_.limits.try_admit(key_->tenant, cls_, key_->limit(cls_));
    if (!place) return false;
    take(*place);
    return true;
}

base::task<> entry::pass() {
    if (!key_) {
        auto key = co_await at_.keys.resolve(*head_.key.get());
        if (!take(std::move(key))) co_return;
    }
    const auto place = co_await at_.limits.admit(key_->tenant, cls_, key_->limit(cls_));
    if (place)
        take(*place);
    else
        refused_ = no_limit();
}

answer entry::refusal() {
    return refuse(*refused_);
}

answer entry::finish(answer made) {
    return place_ ? with_place(std::move(made), at_.limits, *place_) : made;
}

answer entry::refuse(const schema::problem& why) {
    at_.metrics.refused(why.code);
    return finish(ingest::refusal(why, id_));
}

}  // namespace nd::ingest

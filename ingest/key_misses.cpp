#include "ingest/key_misses.hpp"

namespace nd::ingest {

std::optional<key_miss> key_misses::find(const key_hash& hash, time now) const {
    const auto known = known_.find(hash);
    if (known == known_.end() || known->second.until <= now) return std::nullopt;
    return known->second.what;
}

void key_misses::remember(const key_hash& hash, key_miss what, time now) {
    drop_old(now);
    if (known_.size() >= most)
        return;  // cannot be: 50 questions a second live 10 s; a bound all the same
    known_[hash] = {what, now + memory};
    order_.emplace_back(now + memory, hash);
}

bool key_misses::may_ask(time now) {
    return questions_.admit(now, questions_per_second, std::chrono::seconds(1)).admitted;
}

void key_misses::drop_old(time now) {
    while (!order_.empty() && order_.front().first <= now) {
        const auto known = known_.find(order_.front().second);
        if (known != known_.end() && known->second.until <= now) known_.erase(known);
        order_.pop_front();
    }
}

}  // namespace nd::ingest

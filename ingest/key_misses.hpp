// Keys that Postgres did not know a moment ago, and how often it may be asked. Pure: the time comes
// in. Owned by key_inbox, under its lock. At most 50 questions a second and 10 s of memory: it
// holds a few hundred entries, never more than 1,024.
#pragma once

#include "ingest/key_record.hpp"
#include "ingest/limit_window.hpp"

#include <deque>
#include <optional>
#include <unordered_map>

namespace nd::ingest {

enum class key_miss { absent, revoked };

class key_misses {
  public:
    using time = limit_window::time;
    static constexpr std::chrono::seconds memory{10};
    static constexpr std::uint32_t questions_per_second = 50;
    static constexpr std::size_t most = 1024;

    [[nodiscard]] std::optional<key_miss> find(const key_hash& hash, time now) const;
    void remember(const key_hash& hash, key_miss what, time now);

    // True when Postgres may be asked now; counts the question.
    [[nodiscard]] bool may_ask(time now);
    [[nodiscard]] std::size_t size() const { return known_.size(); }

  private:
    struct miss {
        key_miss what;
        time until;
    };
    void drop_old(time now);

    std::unordered_map<key_hash, miss> known_;
    std::deque<std::pair<time, key_hash>>
        order_;  // by age; an entry may have been renewed or forgotten since
    limit_window questions_;
};

}  // namespace nd::ingest

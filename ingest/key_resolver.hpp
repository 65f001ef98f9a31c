// From the X-ND-Key header to what the key allows. One per io thread (it owns that thread's HMAC
// state); called by post_events for each request. It refuses a malformed key or a wrong checksum
// before any hashing, answers known keys from the table, and only for a key outside the snapshot
// asks the keeper, at most 50 times a second per process. It never blocks its thread and never logs
// a key. Errors are problems: 401 malformed, unknown, revoked or expired; 403 suspended tenant; 503
// when it cannot be known (never 401 because a database is away).
#pragma once

#include "base/hmac.hpp"
#include "base/task.hpp"
#include "ingest/key_inbox.hpp"
#include "ingest/key_record.hpp"
#include "ingest/key_table.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace nd::ingest {

using key_answer = boost::system::result<key_record, schema::problem>;

class key_resolver {
  public:
    key_resolver(key_table& table, key_inbox& inbox, std::string_view pepper);

    // The whole way. `header` must live until the task ends.
    [[nodiscard]] base::task<key_answer> resolve(std::string_view header);

    // The part that needs no waiting: nothing when the keeper has to be asked. A session tries this
    // first, because it spares the usual request a coroutine.
    [[nodiscard]] std::optional<key_answer> resolve_now(std::string_view header);

    static constexpr std::chrono::seconds longest_wait{2};  // for one look-up; then 503

  private:
    [[nodiscard]] std::optional<key_answer> from_table(const key_hash& hash);

    key_table& table_;
    key_inbox& inbox_;
    base::hmac_sha256 hmac_;
};

}  // namespace nd::ingest

// The obligations of a campaign: every event that was sent, by tenant and number, and what the
// front end said about it. An event is a function of its tenant, its number and its time, so that
// a row can be compared with what was sent without keeping the payloads. Safe from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace nd::tests {

struct sent_event {
    std::string event_id;
    std::string occurred_at;  // RFC 3339, microseconds
    std::string name;
    std::string session_id;
    std::string user_id;
    std::string page;
    std::string properties;  // JSON
};

enum class fate : std::uint8_t {
    uncertain,  // 503, a lost connection, or no answer yet: it may have its row, and never two
    accepted,   // 202: an obligation
    refused,    // never taken: a row would be spurious
};

class ledger {
  public:
    explicit ledger(std::uint64_t seed) : seed_(seed) {}

    void add_tenant(const std::string& tenant);
    // `count` events that were never sent, with now as their time; the number of the first. They
    // are uncertain until told().
    std::size_t take(const std::string& tenant, std::size_t count);
    // Accepted stays accepted: a 202 is not taken back by a later answer to the same events.
    void told(const std::string& tenant, std::size_t first, std::size_t count, fate what);

    [[nodiscard]] sent_event event(const std::string& tenant, std::size_t number) const;
    [[nodiscard]] std::vector<fate> fates(const std::string& tenant) const;
    [[nodiscard]] std::vector<std::string> tenants() const;
    [[nodiscard]] std::size_t accepted() const;
    [[nodiscard]] std::size_t sent() const;

  private:
    struct entry {
        std::int64_t occurred_us;
        fate what;
    };
    struct account {
        std::uint64_t number;  // of the tenant, for its events' ids
        std::vector<entry> events;
    };
    const std::uint64_t seed_;
    mutable std::mutex mutex_;
    std::map<std::string, account> accounts_;
};

// {"events":[..]} of these.
[[nodiscard]] std::string body_of(const std::vector<sent_event>& events);

}  // namespace nd::tests

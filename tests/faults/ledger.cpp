#include "tests/faults/ledger.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

namespace nd::tests {
namespace {

// splitmix64's finisher: a bijection, so that no two events share an id.
std::uint64_t scattered(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

std::string uuid_of(std::uint64_t high, std::uint64_t low) {
    const auto text = fmt::format("{:016x}{:016x}", high, low);
    return fmt::format("{}-{}-{}-{}-{}", text.substr(0, 8), text.substr(8, 4), text.substr(12, 4),
                       text.substr(16, 4), text.substr(20));
}

std::string time_text(std::int64_t us) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z",
                       fmt::gmtime(static_cast<std::time_t>(us / 1'000'000)), us % 1'000'000);
}

}  // namespace

void ledger::add_tenant(const std::string& tenant) {
    const std::scoped_lock lock(mutex_);
    accounts_.emplace(tenant, account{accounts_.size(), {}});
}

std::size_t ledger::take(const std::string& tenant, std::size_t count) {
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    const std::scoped_lock lock(mutex_);
    auto& events = accounts_.at(tenant).events;
    const auto first = events.size();
    events.resize(first + count, {now, fate::uncertain});
    return first;
}

void ledger::told(const std::string& tenant, std::size_t first, std::size_t count, fate what) {
    const std::scoped_lock lock(mutex_);
    auto& events = accounts_.at(tenant).events;
    for (std::size_t i = first; i < first + count; ++i) {
        if (events.at(i).what != fate::accepted) events[i].what = what;
    }
}

sent_event ledger::event(const std::string& tenant, std::size_t number) const {
    std::uint64_t owner = 0;
    std::int64_t at = 0;
    {
        const std::scoped_lock lock(mutex_);
        const auto& mine = accounts_.at(tenant);
        owner = mine.number;
        at = mine.events.at(number).occurred_us;
    }
    const auto low = scattered(owner << 40 | number);
    const auto high = scattered(seed_ ^ low);
    // Of different sizes, and with what JSON has to say: escapes, numbers, levels, nothing.
    const std::string padding(low % 300, static_cast<char>('a' + low % 26));
    return {uuid_of(high, low),
            time_text(at),
            fmt::format("event_{}", low % 7),
            low % 5 == 0 ? "" : fmt::format("s-{}", low % 100),
            low % 3 == 0 ? "" : fmt::format("u-{}-\\u00e9", low % 50),
            fmt::format("/faults/{}", number),
            low % 11 == 0
                ? "{}"
                : fmt::format(R"({{"n":{},"high":{},"text":"{}\n","deep":[{{"x":{}}},null]}})",
                              number, high % 1'000'000, padding, low % 1000)};
}

std::vector<fate> ledger::fates(const std::string& tenant) const {
    const std::scoped_lock lock(mutex_);
    std::vector<fate> out;
    for (const auto& one : accounts_.at(tenant).events)
        out.push_back(one.what);
    return out;
}

std::vector<std::string> ledger::tenants() const {
    const std::scoped_lock lock(mutex_);
    std::vector<std::string> out;
    for (const auto& [tenant, one] : accounts_)
        out.push_back(tenant);
    return out;
}

std::size_t ledger::accepted() const {
    const std::scoped_lock lock(mutex_);
    std::size_t sum = 0;
    for (const auto& [tenant, one] : accounts_) {
        for (const auto& sent_one : one.events)
            sum += sent_one.what == fate::accepted ? 1 : 0;
    }
    return sum;
}

std::size_t ledger::sent() const {
    const std::scoped_lock lock(mutex_);
    std::size_t sum = 0;
    for (const auto& [tenant, one] : accounts_)
        sum += one.events.size();
    return sum;
}

std::string body_of(const std::vector<sent_event>& events) {
    std::string body = R"({"events":[)";
    for (const auto& e : events) {
        body += fmt::format(R"({}{{"event_id":"{}","name":"{}","occurred_at":"{}","page":"{}",)"
                            R"("properties":{})",
                            body.back() == '[' ? "" : ",", e.event_id, e.name, e.occurred_at,
                            e.page, e.properties);
        if (!e.session_id.empty()) body += fmt::format(R"(,"session_id":"{}")", e.session_id);
        if (!e.user_id.empty()) body += fmt::format(R"(,"user_id":"{}")", e.user_id);
        body += '}';
    }
    return body + "]}";
}

}  // namespace nd::tests

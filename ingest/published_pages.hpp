// Which page structures this process has published lately, and for which sessions: so that ten
// thousand loads of a page by one person cost one record, and HEAD is answered without Postgres.
// Shared by the io threads. Bounded in number and in age; forgetting costs a record that the
// enricher knows already.
#pragma once

#include "schema/ids.hpp"
#include "schema/page_fingerprint.hpp"
#include "schema/session_hash.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string_view>
#include <unordered_set>

namespace nd::ingest {

class published_pages {
  public:
    using clock = std::chrono::steady_clock;
    // What is added is remembered for at least half of the time, and at most for all of it, unless
    // more than `most` come in half of it: then for less.
    static constexpr std::chrono::minutes longest{10};
    static constexpr std::size_t most = 16'384;

    [[nodiscard]] bool has(const schema::tenant_id& tenant, const schema::page_fingerprint& page,
                           clock::time_point now);
    [[nodiscard]] bool has(const schema::tenant_id& tenant, const schema::page_fingerprint& page,
                           const schema::session_hash& session, clock::time_point now);
    // Once Kafka has it.
    void add(const schema::tenant_id& tenant, const schema::page_fingerprint& page,
             const schema::session_hash& session, clock::time_point now);

  private:
    struct mark {
        mark(const schema::tenant_id& whose, const schema::page_fingerprint& what,
             std::string_view which);
        friend bool operator==(const mark&, const mark&) = default;

        schema::tenant_id tenant;  // a tenant is told nothing of another's pages
        schema::page_fingerprint page;
        std::array<char, 32> session{};
    };
    struct hash {
        std::size_t operator()(const mark& m) const noexcept {
            std::size_t page = 0;
            std::size_t session = 0;
            __builtin_memcpy(&page, m.page.bytes.data(), sizeof page);
            __builtin_memcpy(&session, m.session.data(), sizeof session);
            return page ^ session;
        }
    };
    using marks = std::unordered_set<mark, hash>;

    [[nodiscard]] bool has(const mark& wanted, clock::time_point now);
    void age(clock::time_point now);

    std::mutex lock_;
    marks young_;
    marks old_;
    clock::time_point born_{};  // when young_ began
};

}  // namespace nd::ingest

// Where places of a limit are taken and given back. One process keeps them itself (limiter.hpp);
// several front ends can share a store (Redis: one Lua call, its clock) that implements the same
// interface. Called by post_events for each request with a good key. Errors: a store that cannot be
// reached answers errc::unavailable; the ring in this process never fails.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "schema/ids.hpp"
#include "schema/limits.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace nd::ingest {

// What was decided, and the ticket that gives the place back.
struct admission {
    bool admitted = false;
    std::uint32_t limit = 0;                     // N: places in any 60 s
    std::uint32_t remaining = 0;                 // of them free, after this request
    std::chrono::steady_clock::duration wait{};  // until the next place comes free

    schema::tenant_id tenant{};
    schema::limit_class cls{};
    std::chrono::steady_clock::time_point stamp{};

    // Whole seconds, rounded up, at least 1: the `t` of RateLimit, and Retry-After when refused.
    [[nodiscard]] int wait_seconds() const;
};

class limit_store {
  public:
    virtual ~limit_store() = default;

    // Takes a place if fewer than `places` are taken; a refusal takes none. nullopt: this store
    // cannot say without waiting, nothing was taken, ask admit().
    [[nodiscard]] virtual std::optional<admission> try_admit(const schema::tenant_id& tenant,
                                                             schema::limit_class cls,
                                                             std::uint32_t places) = 0;
    [[nodiscard]] virtual base::task<base::result<admission>> admit(schema::tenant_id tenant,
                                                                    schema::limit_class cls,
                                                                    std::uint32_t places) = 0;
    // Only for our own 503, at most once per admission; a refused admission is ignored.
    virtual void give_back(const admission& taken) = 0;
};

}  // namespace nd::ingest

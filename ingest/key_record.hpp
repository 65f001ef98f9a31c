// What a key allows: the row of nd.api_keys with its tenant's state and limits, as one small value.
// Made from rows by the keeper, kept by key_table, copied out to the session that serves a request.
// It never holds the key itself.
#pragma once

#include "base/hmac.hpp"
#include "schema/environment.hpp"
#include "schema/ids.hpp"
#include "schema/limits.hpp"
#include "schema/problem.hpp"
#include "schema/scope.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nd::ingest {

// HMAC-SHA256(pepper, key): what a key is looked up by.
struct key_hash {
    base::sha256_digest bytes{};
    friend bool operator==(const key_hash&, const key_hash&) = default;
};

struct key_record {
    using wall_time = std::chrono::sys_time<std::chrono::microseconds>;
    static constexpr wall_time never = wall_time::max();
    using origin_list = std::vector<std::string>;

    std::int64_t id = 0;
    schema::tenant_id tenant{};
    wall_time expires_at = never;
    std::shared_ptr<const origin_list> origins;  // null in the usual case: no origin is prescribed
    std::array<std::uint16_t, schema::limit_classes.size()>
        limits{};  // N per class, overrides applied
    schema::environment environment{};
    schema::scope_set scopes{};
    bool browser_only = false;
    bool tenant_suspended = false;

    [[nodiscard]] std::uint32_t limit(schema::limit_class cls) const {
        return limits[static_cast<std::size_t>(cls)];
    }
    [[nodiscard]] bool allows(schema::scope scope) const { return scopes.has(scope); }
};

// The refusal that the record itself means at this moment, by the wall clock; nothing when the key
// may be used.
[[nodiscard]] std::optional<schema::problem> key_refusal(const key_record& key,
                                                         key_record::wall_time now);

}  // namespace nd::ingest

template <>
struct std::hash<nd::ingest::key_hash> {
    // The bytes are an HMAC already: any eight of them are as good as a hash.
    std::size_t operator()(const nd::ingest::key_hash& h) const noexcept {
        std::size_t word = 0;
        __builtin_memcpy(&word, h.bytes.data(), sizeof word);
        return word;
    }
};

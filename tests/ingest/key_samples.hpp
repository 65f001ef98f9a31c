// Keys and records for the tests of the key files: well-formed, made from a number, never from the
// system's randomness.
#pragma once

#include "base/hmac.hpp"
#include "ingest/key_table.hpp"
#include "schema/api_key.hpp"

#include <random>
#include <string>

namespace nd::tests {

inline constexpr std::string_view pepper = "a pepper for tests, 32 bytes long";

inline std::string sample_key(std::uint32_t number,
                              schema::environment env = schema::environment::live) {
    std::mt19937 engine(number);
    return schema::make_api_key(env, [&](std::span<std::uint8_t> out) {
        for (auto& byte : out)
            byte = static_cast<std::uint8_t>(engine());
    });
}

inline ingest::key_hash hash_of(std::string_view key) {
    base::hmac_sha256 hmac(pepper);
    return {hmac(key)};
}

inline schema::tenant_id sample_tenant(std::uint32_t number) {
    schema::tenant_id id;
    for (std::size_t i = 0; i < 4; ++i)
        id.value.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    return id;
}

inline ingest::key_table::entry sample_entry(std::uint32_t key, std::uint32_t tenant) {
    ingest::key_record record;
    record.id = key;
    record.tenant = sample_tenant(tenant);
    record.scopes.add(schema::scope::events);
    record.limits = {60, 10, 20, 600};
    return {hash_of(sample_key(key)), record};
}

}  // namespace nd::tests

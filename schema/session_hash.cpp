#include "schema/session_hash.hpp"

#include <algorithm>

namespace nd::schema {
namespace {

// A key of its own: a session's hash can then never be a person's or a key's.
base::hmac_sha256 derived(std::string_view pepper) {
    const auto key = base::hmac_sha256(pepper)("activationkit session id 1");
    return base::hmac_sha256({reinterpret_cast<const char*>(key.data()), key.size()});
}

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

}  // namespace

std::optional<session_hash> session_hash::parse(std::string_view hex) {
    if (hex.size() != 2 * sizeof(base::sha256_digest) || !std::ranges::all_of(hex, is_hex))
        return std::nullopt;
    return session_hash(std::string(hex));
}

session_hasher::session_hasher(std::string_view pepper) : hmac_(derived(pepper)) {}

session_hash session_hasher::operator()(const tenant_id& tenant, std::string_view session_id) {
    const auto& bytes = tenant.value.bytes;
    message_.assign(bytes.begin(), bytes.end());
    message_ += session_id;
    return session_hash(base::to_hex(hmac_(message_)));
}

}  // namespace nd::schema

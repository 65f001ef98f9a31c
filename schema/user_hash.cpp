#include "schema/user_hash.hpp"

#include <algorithm>

namespace nd::schema {
namespace {

// A key of its own: a hash of a person can then never be one of an API key.
base::hmac_sha256 derived(std::string_view pepper) {
    const auto key = base::hmac_sha256(pepper)("activationkit user id 1");
    return base::hmac_sha256({reinterpret_cast<const char*>(key.data()), key.size()});
}

}  // namespace

user_hasher::user_hasher(std::string_view pepper) : hmac_(derived(pepper)) {
    const auto digest = hmac_("key id");  // shorter than a tenant's id: no person has this hash
    std::copy_n(digest.begin(), id_.size(), id_.begin());
}

base::sha256_digest user_hasher::operator()(const tenant_id& tenant, std::string_view user) {
    const auto& bytes = tenant.value.bytes;
    message_.assign(bytes.begin(), bytes.end());
    message_ += user;
    return hmac_(message_);
}

}  // namespace nd::schema

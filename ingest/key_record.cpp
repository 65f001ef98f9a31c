#include "ingest/key_record.hpp"

namespace nd::ingest {

std::optional<schema::problem> key_refusal(const key_record& key, key_record::wall_time now) {
    using schema::problem;
    using schema::problem_code;
    if (key.expires_at <= now) {
        return problem{problem_code::key_expired,
                       "The key has expired; use its successor or make a new key."};
    }
    if (key.tenant_suspended) {
        return problem{problem_code::tenant_suspended,
                       "The account that this key belongs to is suspended; ask its owner."};
    }
    return std::nullopt;
}

}  // namespace nd::ingest

#include "ops/issued_key.hpp"

#include "base/random.hpp"
#include "ops/pepper.hpp"
#include "schema/api_key.hpp"

namespace nd::ops {

issued_key issue_key(schema::environment env, base::hmac_sha256& pepper) {
    issued_key made;
    made.text = schema::make_api_key(env, base::fill_random);
    made.hash = pepper(made.text);
    made.prefix = schema::display_prefix(made.text);
    made.last4 = schema::display_last4(made.text);
    return made;
}

base::result<base::hmac_sha256> open_pepper(const settings& from) {
    if (auto given = require(from, {&settings::pepper_file}); !given) return given.error();
    const auto secret = read_pepper(from.pepper_file);
    if (!secret) return secret.error();
    return base::hmac_sha256(*secret);
}

}  // namespace nd::ops

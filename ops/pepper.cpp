#include "ops/pepper.hpp"

#include "base/hmac.hpp"

namespace nd::ops {

base::result<std::string> read_pepper(const std::string& file) {
    auto secret = base::read_secret_file(file);
    if (!secret)
        return base::failure(secret.error().code, "ND_KEY_PEPPER_FILE: " + secret.error().detail);
    return secret;
}

}  // namespace nd::ops

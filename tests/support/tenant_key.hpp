// A tenant with a key of its own, as `ndctl tenant create --keys-out` writes them.
#pragma once

#include <string>
#include <vector>

namespace nd::tests {

struct tenant_key {
    std::string tenant;
    std::string key;
};

// From that file. Throws when it is not such a file.
[[nodiscard]] std::vector<tenant_key> read_tenant_keys(const std::string& path);

}  // namespace nd::tests

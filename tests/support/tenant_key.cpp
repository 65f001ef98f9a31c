#include "tests/support/tenant_key.hpp"

#include <boost/json/parse.hpp>

#include <fstream>

namespace nd::tests {

std::vector<tenant_key> read_tenant_keys(const std::string& path) {
    std::vector<tenant_key> out;
    std::ifstream lines(path);
    std::string line;
    while (std::getline(lines, line)) {
        const auto entry = boost::json::parse(line);
        out.push_back({std::string(entry.at("tenant_id").as_string()),
                       std::string(entry.at("key").as_string())});
    }
    return out;
}

}  // namespace nd::tests

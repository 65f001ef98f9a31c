#include "workers/park.hpp"

#include "schema/record.hpp"

#include <set>
#include <string>

namespace nd::workers {
namespace {

// One spelling per tenant; what is no UUID stays as it came.
std::string name_of(const dead_letter& letter) {
    const auto key = letter.key.value_or("");
    const auto tenant = schema::tenant_of(key);
    return tenant ? schema::to_string(*tenant) : key;
}

}  // namespace

dead_share share_of(const parcel& load, std::span<const dead_letter> dead) {
    std::set<std::string> with_dead;
    std::set<std::string> tenants;
    for (const auto& letter : dead) {
        tenants.insert(name_of(letter));
        if (schema::deaths_of(letter.attempt) == 0) with_dead.insert(name_of(letter));
    }
    for (const auto& slice : load.groups.slices)
        tenants.insert(schema::to_string(slice.tenant));
    return {tenants.size(), with_dead.size()};
}

}  // namespace nd::workers

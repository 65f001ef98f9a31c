// The recorded pages of tests/record as the model may see them, all texts shown: one tenant's.
#pragma once

#include "schema/model_page.hpp"

#include <string>
#include <vector>

namespace nd::tests {

// Throws std::runtime_error when the recording cannot be read.
[[nodiscard]] std::vector<schema::model_page> recorded_pages(const std::string& path,
                                                             const schema::tenant_id& tenant);

}  // namespace nd::tests

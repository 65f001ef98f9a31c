// Notes on a page as JSON: what nd.page_structures keeps and GET /v1/schema answers. Pure.
#pragma once

#include "model/page_notes.hpp"

#include <string>

namespace nd::model {

[[nodiscard]] std::string to_json(const page_notes& notes);

}  // namespace nd::model

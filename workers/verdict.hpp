// What the lane does about an error. One place; base/pg_error.hpp has sorted the SQLSTATEs into
// classes. Pure.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>

namespace nd::workers {

enum class verdict : std::uint8_t {
    again,    // a deadlock or a serialization failure: the same batch at once
    restart,  // the environment is away, or the database is an older copy: drop the batch, connect
              // anew, read from the progress that is there
    park,     // our own mistake or an operator's: nothing goes on until somebody looks
};

[[nodiscard]] verdict verdict_of(const base::error& e);

// For the metric: the SQLSTATE's class, or "other".
[[nodiscard]] std::string class_of(const base::error& e);

}  // namespace nd::workers

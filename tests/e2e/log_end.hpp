// Whether the writers have stored all that nd.events.v1 holds. A tenant's events may be in every
// partition, so that the last one sent is a row says nothing of those before it. Used by the e2e
// tests that look for what must not come back.
#pragma once

#include "tests/support/stack.hpp"

namespace nd::tests {

[[nodiscard]] bool read_to_the_end(const stack& system);

}  // namespace nd::tests

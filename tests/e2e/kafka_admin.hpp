// What an operator could do to a system's Kafka by hand. Used by the e2e tests that need a group or
// a topic gone.
#pragma once

#include "tests/support/stack.hpp"

#include <string>

namespace nd::tests {

void delete_group(const stack& system, const std::string& group);
void delete_topic(const stack& system, const std::string& topic);

}  // namespace nd::tests

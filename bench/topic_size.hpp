// How many bytes a topic takes on the disk of a broker on this machine.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace nd::bench {

// From the log files that the broker holds open; 0 when they cannot be seen (another user's).
[[nodiscard]] std::uint64_t topic_bytes(pid_t broker, const std::string& topic);

}  // namespace nd::bench

// What serves malloc in this process: the programs that handle events link nd_allocator, so that
// librdkafka's some 200 small allocations for a request of 50 events stay at hand. Told by each of
// them in its log when it starts. Source: jemalloc(3).
#pragma once

#include <string>

namespace nd::base {

// "jemalloc 5.3.0 (tcache_max 131072)", bytes; or "libc" in a build with sanitizers (they bring
// their own) and wherever another library came before it.
[[nodiscard]] std::string allocator_name();

}  // namespace nd::base

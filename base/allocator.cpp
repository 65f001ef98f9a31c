#include "base/allocator.hpp"

#ifdef ND_JEMALLOC

#include <fmt/format.h>
#include <jemalloc/jemalloc.h>

#include <cstdint>
#include <cstdlib>
#include <string_view>

// Read by jemalloc before main: each thread keeps what it frees up to 128 KiB at hand, so a body of
// the usual size as well (32 KiB and padding are just beyond its own bound).
const char* malloc_conf = "lg_tcache_max:17";

namespace nd::base {
namespace {

template <class T>
T asked(const char* name) {
    T value{};
    std::size_t size = sizeof value;
    return ::mallctl(name, &value, &size, nullptr, 0) == 0 ? value : T{};
}

// Linked is not enough: malloc belongs to the library that the loader found first.
bool serves_malloc() {
    const auto before = asked<std::uint64_t>("thread.allocated");
    void* volatile taken = std::malloc(1);
    std::free(taken);
    return asked<std::uint64_t>("thread.allocated") > before;
}

}  // namespace

std::string allocator_name() {
    const auto* version = asked<const char*>("version");
    if (version == nullptr || !serves_malloc()) return "libc";
    const std::string_view whole(version);  // "5.3.0-0-g54eaed1d8b56"
    return fmt::format("jemalloc {} (tcache_max {})", whole.substr(0, whole.find('-')),
                       asked<std::size_t>("arenas.tcache_max"));
}

}  // namespace nd::base

#else

namespace nd::base {

std::string allocator_name() {
    return "libc";
}

}  // namespace nd::base

#endif

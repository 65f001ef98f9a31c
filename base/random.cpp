#include "base/random.hpp"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace nd::base {

void fill_random(std::span<std::uint8_t> out) {
    while (!out.empty()) {
        const auto got = ::getrandom(out.data(), out.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) throw std::system_error(errno, std::system_category(), "getrandom");
        out = out.subspan(static_cast<std::size_t>(got));
    }
}

}  // namespace nd::base

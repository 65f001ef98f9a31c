// Random bytes from the system's source, for keys and request ids. Called by ndctl and the edge;
// never seeded, never repeated.
#pragma once

#include <cstdint>
#include <span>

namespace nd::base {

// Throws std::system_error when the kernel gives none (a bug of the environment nobody can go on
// from).
void fill_random(std::span<std::uint8_t> out);

}  // namespace nd::base

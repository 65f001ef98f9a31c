// Any bytes as X-ND-Key, and any bytes as the random source that keys are made of.
#include "schema/api_key.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace nd::schema;

void require(bool holds) {
    if (!holds) std::abort();
}

void check_accepted(const api_key& key) {
    require(key.text.size() == api_key_length);
    require(key.text.starts_with(key.env == environment::live ? "nd_live_" : "nd_test_"));
    require(std::all_of(key.text.begin() + 8, key.text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }));
    std::string mistyped(key.text);
    for (char& c : mistyped) {
        const char right = c;
        c = right == 'x' ? 'y' : 'x';
        require(!parse_api_key(mistyped));
        c = right;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto given = parse_api_key({reinterpret_cast<const char*>(data), size});
    if (given) check_accepted(*given);

    std::size_t used = 0;
    const auto made = make_api_key(
        size % 2 == 0 ? environment::live : environment::test, [&](std::span<std::uint8_t> out) {
            for (auto& byte : out) {
                // The input first, then bytes that make it end.
                byte = used < size ? data[used] : static_cast<std::uint8_t>(used % 62);
                ++used;
            }
        });
    const auto read = parse_api_key(made);
    require(read.has_value());
    check_accepted(*read);
    return 0;
}

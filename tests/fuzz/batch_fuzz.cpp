// Any bytes as the body of POST /v1/events: what the oracle holds against the verdict is a crash.
#include "tests/schema/batch_oracle.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static nd::test::batch_oracle oracle;
    const std::string wrong = oracle.disagreement({reinterpret_cast<const char*>(data), size});
    if (!wrong.empty()) {
        std::fprintf(stderr, "%s\n", wrong.c_str());
        std::abort();
    }
    return 0;
}

// Any bytes as the body of POST /v1/events, and as a record that the writer reads: what the oracle
// holds against the verdict is a crash.
#include "schema/event_scan.hpp"
#include "tests/schema/batch_oracle.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static nd::test::batch_oracle oracle;
    static nd::schema::event_scanner scanner;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto record = scanner.scan(bytes);
    if (record && (record->raw.empty() || record->raw.size() > bytes.size())) std::abort();
    const std::string wrong = oracle.disagreement(bytes);
    if (!wrong.empty()) {
        std::fprintf(stderr, "%s\n", wrong.c_str());
        std::abort();
    }
    return 0;
}

// From the X-ND-Key header to its record: form and checksum, HMAC, table.
#include "base/hmac.hpp"
#include "bench/micro/samples.hpp"
#include "ingest/key_table.hpp"
#include "schema/api_key.hpp"

#include <random>

namespace nd::bench {
namespace {

constexpr std::string_view pepper = "a pepper for benchmarks, 32 bytes and more";

// In random order, so that neither the keys nor their records are where the cache expects them.
std::vector<std::string> sample_keys() {
    std::mt19937 random(1);
    const auto fill = [&random](std::span<std::uint8_t> out) {
        for (auto& byte : out)
            byte = static_cast<std::uint8_t>(random());
    };
    std::vector<std::string> made;
    for (std::uint32_t i = 0; i < many_tenants; ++i)
        made.push_back(schema::make_api_key(schema::environment::live, fill));
    return made;
}

void fill(ingest::key_table& table, const std::vector<std::string>& keys) {
    base::hmac_sha256 hmac(pepper);
    std::vector<ingest::key_table::entry> all;
    for (const auto& key : keys) {
        ingest::key_record record;
        record.id = static_cast<std::int64_t>(all.size());
        record.tenant = sample_tenant(static_cast<std::uint32_t>(all.size()));
        all.push_back({{hmac(key)}, record});
    }
    table.replace_all(all);
}

void parse_key(benchmark::State& state) {
    const auto keys = sample_keys();
    std::size_t at = 0;
    for ([[maybe_unused]] auto _ : state) {
        auto parsed = schema::parse_api_key(keys[at]);
        if (!parsed) return state.SkipWithError("a key that was made is none");
        benchmark::DoNotOptimize(parsed);
        at = at + 1 == keys.size() ? 0 : at + 1;
    }
}
BENCHMARK(parse_key);

void resolve_key(benchmark::State& state) {
    const auto keys = sample_keys();
    ingest::key_table table(std::chrono::minutes(15));
    fill(table, keys);
    base::hmac_sha256 hmac(pepper);
    std::size_t at = 0;
    for ([[maybe_unused]] auto _ : state) {
        const auto parsed = schema::parse_api_key(keys[at]);
        if (!parsed) return state.SkipWithError("a key that was made is none");
        auto record = table.find({hmac(parsed->text)});
        if (!record) return state.SkipWithError("a key is not in the table");
        benchmark::DoNotOptimize(record);
        at = at + 1 == keys.size() ? 0 : at + 1;
    }
}
BENCHMARK(resolve_key);

}  // namespace
}  // namespace nd::bench

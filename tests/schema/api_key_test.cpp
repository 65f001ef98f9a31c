#include "schema/api_key.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>

using namespace nd::schema;

namespace {

random_source engine(unsigned seed) {
    return [random = std::mt19937(seed)](std::span<std::uint8_t> out) mutable {
        for (auto& byte : out)
            byte = static_cast<std::uint8_t>(random());
    };
}

}  // namespace

TEST_CASE("a made key is read back with its environment") {
    const std::string live = make_api_key(environment::live, engine(1));
    const std::string test = make_api_key(environment::test, engine(1));
    CHECK(live.size() == api_key_length);
    CHECK(live.starts_with("nd_live_"));
    CHECK(parse_api_key(live)->env == environment::live);
    CHECK(parse_api_key(live)->text == live);
    CHECK(parse_api_key(test)->env == environment::test);
    CHECK(display_prefix(test) == "nd_test_");
    CHECK(display_last4(test) == test.substr(40));
}

TEST_CASE("the checksum is the CRC32 of all that precedes, in six base62 digits") {
    // CRC32 of nd_live_ and thirty zeros, computed with zlib's crc32: 1471863188, 1bbmqq in base62.
    const std::string key = "nd_live_0000000000000000000000000000001bbmqq";
    CHECK(parse_api_key(key).has_value());
}

TEST_CASE("every single mistyped character is caught") {
    const std::string key = make_api_key(environment::live, engine(2));
    for (std::size_t place = 0; place < key.size(); ++place) {
        for (const char typed : {'0', 'Z', 'a', '_', ' ', '\0', '\xff'}) {
            std::string mistyped = key;
            if (mistyped[place] == typed) continue;
            mistyped[place] = typed;
            CAPTURE(mistyped);
            CHECK_FALSE(parse_api_key(mistyped).has_value());
        }
    }
}

TEST_CASE("the shape of a key and its checksum are told apart") {
    std::string key = make_api_key(environment::live, engine(3));
    key.back() = key.back() == '0' ? '1' : '0';
    CHECK(parse_api_key(key).error() == key_fault::checksum);
    for (const std::string& text :
         {std::string(), std::string("nd_live_"), key + "0", key.substr(1), std::string(44, 'a'),
          "ND_LIVE_" + key.substr(8), key.substr(0, 43) + "-"}) {
        CAPTURE(text);
        CHECK(parse_api_key(text).error() == key_fault::malformed);
    }
}

TEST_CASE("the random characters of keys favour none of the 62") {
    std::map<char, int> counts;
    auto random = engine(4);
    constexpr int keys = 5000;
    for (int i = 0; i < keys; ++i) {
        const std::string key = make_api_key(environment::live, random);
        for (const char c : key.substr(8, api_key_random_length))
            ++counts[c];
    }
    REQUIRE(counts.size() == 62);
    // 2,419 of each are expected with a deviation of 49; a modulo of the byte would give the first
    // eight characters a quarter more.
    for (const auto& [c, count] : counts) {
        CAPTURE(c);
        CHECK(count > 2419 - 5 * 49);
        CHECK(count < 2419 + 5 * 49);
    }
}

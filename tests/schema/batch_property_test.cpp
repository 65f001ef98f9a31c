#include "tests/schema/batch_oracle.hpp"
#include "tests/schema/scan_support.hpp"

#include <doctest/doctest.h>
#include <simdjson.h>

#include <array>
#include <random>

using namespace nd::test;

namespace {

// Pieces that have broken parsers before; one is pasted where the dice say.
constexpr std::array<std::string_view, 40> pieces = {"{",
                                                     "}",
                                                     "[",
                                                     "]",
                                                     ",",
                                                     ":",
                                                     "\"",
                                                     "\\",
                                                     "\\u0000",
                                                     "\\ud800",
                                                     "\\udc00",
                                                     "\\u00e9",
                                                     "\x1e",
                                                     "\x0c",
                                                     "\x1a",
                                                     "\xff",
                                                     "\xc3\xa9",
                                                     "\xed\xa0\x80",
                                                     " ",
                                                     "\n",
                                                     "01",
                                                     "1e400",
                                                     "1e-400",
                                                     "-",
                                                     ".5",
                                                     "tru",
                                                     "null",
                                                     "true",
                                                     "{}",
                                                     "[]",
                                                     "\"a\" 1",
                                                     "null,",
                                                     "\"name\":",
                                                     "\"properties\":",
                                                     "\"page\":null",
                                                     "Z",
                                                     "+16:00",
                                                     "\t",
                                                     "1 2",
                                                     "\"\""};

std::string seed_batch() {
    return batch_of(event_with(R"("session_id":"s\u00e9","user_id":"u","page":"/a?b=\"c\"",)"
                               R"("properties":{"list":[1,-2.5e3,{"deep":[[]]}],"t":true,"n":null,)"
                               R"("s":"\ud83d\ude00"})") +
                    R"( , {"name":"x","event_id":"00000000-0000-4000-8000-000000000001",)"
                    R"("occurred_at":"2026-02-28T23:59:59.1234567-05:30"})");
}

class mutator {
  public:
    std::string mutate(std::string text) {
        for (std::size_t i = 1 + below(3); i > 0; --i)
            once(text);
        return text;
    }

  private:
    std::size_t below(std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_);
    }
    void once(std::string& text) {
        const std::size_t at = below(text.size());
        const std::size_t length = std::min<std::size_t>(1 + below(8), text.size() - at);
        switch (below(6)) {
            case 0: text[at] = static_cast<char>(below(256)); break;
            case 1: text.erase(at, length); break;
            case 2: text.insert(at, pieces[below(pieces.size())]); break;
            case 3: text.replace(at, length, pieces[below(pieces.size())]); break;
            case 4: text.insert(below(text.size()), text.substr(at, length)); break;
            case 5: text.resize(at + 1); break;
        }
        if (text.empty()) text = "x";
    }
    std::mt19937 random_{20260301};
};

}  // namespace

TEST_CASE("for any mutation of a batch, on any processor, the verdict agrees with another parser") {
    auto& active = simdjson::get_active_implementation();
    const simdjson::implementation* const native = active;
    int valid = 0;
    for (const simdjson::implementation* kernel : simdjson::get_available_implementations()) {
        if (!kernel->supported_by_runtime_system()) continue;
        active = kernel;
        batch_oracle oracle;
        mutator dice;
        const std::string seed = seed_batch();
        REQUIRE(oracle.disagreement(seed).empty());
        for (int i = 0; i < 25000; ++i) {
            const std::string body = dice.mutate(seed);
            const std::string wrong = oracle.disagreement(body);
            CAPTURE(kernel->name());
            REQUIRE_MESSAGE(wrong.empty(), wrong, "\n", body);
            valid += verdict_of(body) == "accepted";
        }
    }
    active = native;
    CHECK(valid > 1000);  // enough of them stay batches for the other half of the property
}

TEST_CASE("a rejection names its event, whatever a member before the id holds") {
    nd::schema::batch_scanner scanner;
    for (const auto* first : {R"("foo":"\u0000")", R"("page":["\ud800"])", R"("foo":1e400)"}) {
        CAPTURE(first);
        const auto body = batch_of("{" + std::string(first) + "," + std::string(an_id) + "," +
                                   std::string(a_time) + "," + std::string(a_name) + "}");
        std::string text = padded(body);
        const auto verdict = scanner.scan(text.data(), body.size(), noon);
        REQUIRE(verdict.has_value());
        REQUIRE(verdict->rejected.size() == 1);
        CHECK(verdict->rejected[0].event_id == "018f4e2a-7c1b-7d3e-9f00-5a6b7c8d9e0f");
    }
}

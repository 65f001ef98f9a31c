#include "ingest/content.hpp"

#include <doctest/doctest.h>

using namespace nd::ingest;

TEST_CASE("only application/json is JSON, with any parameters and in any case") {
    CHECK(is_json("application/json"));
    CHECK(is_json("Application/JSON; charset=utf-8"));
    CHECK(is_json("application/json;charset=utf-8"));
    CHECK(is_json(" application/json "));
    CHECK_FALSE(is_json(std::nullopt));
    CHECK_FALSE(is_json(""));
    CHECK_FALSE(is_json("text/plain"));
    CHECK_FALSE(is_json("application/json-patch+json"));
    CHECK_FALSE(is_json("application/jsonx"));
    CHECK_FALSE(is_json("application/problem+json"));
    CHECK_FALSE(is_json("application/json, text/plain"));
}

TEST_CASE("one known coding or none is taken") {
    CHECK(coding_of("") == coding::identity);
    CHECK(coding_of("identity") == coding::identity);
    CHECK(coding_of("GZIP") == coding::gzip);
    CHECK(coding_of(" zstd ") == coding::zstd);
    for (const auto* other : {"br", "deflate", "gzip, gzip", "gzip,identity", "zstd;q=1", "x"}) {
        CAPTURE(other);
        CHECK(coding_of(other) == std::nullopt);
    }
}

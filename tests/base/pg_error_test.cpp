#include "base/pg_error.hpp"

#include <doctest/doctest.h>

#include <string_view>

using nd::base::errc;

TEST_CASE("a SQLSTATE says whether to try again, to set the record aside or to stop") {
    struct line {
        std::string_view state;
        errc expected;
    };
    constexpr line table[]{
        {"40001", errc::conflict},    {"40P01", errc::conflict},    {"08000", errc::unavailable},
        {"08006", errc::unavailable}, {"08P01", errc::unavailable}, {"25006", errc::unavailable},
        {"53100", errc::unavailable}, {"53300", errc::unavailable}, {"55P03", errc::unavailable},
        {"57P01", errc::unavailable}, {"57014", errc::unavailable}, {"58030", errc::unavailable},
        {"22P02", errc::data},        {"22021", errc::data},        {"23505", errc::data},
        {"23514", errc::data},        {"54000", errc::data},        {"54001", errc::refused},
        {"54011", errc::refused},     {"42501", errc::refused},     {"42P01", errc::refused},
        {"28P01", errc::refused},     {"0A000", errc::refused},     {"2D000", errc::refused},
        {"XX000", errc::refused},     {"P0001", errc::refused},     {"ND001", errc::internal},
        {"ND002", errc::internal},    {"", errc::internal},         {"0800", errc::internal},
    };
    for (const line& one : table) {
        CAPTURE(one.state);
        CHECK(nd::base::pg::errc_of_sqlstate(one.state) == one.expected);
    }
}

TEST_CASE("the SQLSTATE of a refused connection is the word of the server that spoke last") {
    using nd::base::pg::sqlstate_at_end;
    CHECK(sqlstate_at_end("connection to server at \"h\", port 1 failed: FATAL:  28P01") ==
          "28P01");
    CHECK(sqlstate_at_end("Connection refused Is the server running? connection to server at "
                          "\"h\", port 1 failed: FATAL:  3D000") == "3D000");
    for (const std::string_view none :
         {"", "28P01", "FATAL: 28P01", "failed: FATAL:  password", "failed: Connection refused",
          "failed: FATAL:  28P01 connection to server at \"h\" failed: Connection refused"})
        CHECK_MESSAGE(sqlstate_at_end(none).empty(), none);
}

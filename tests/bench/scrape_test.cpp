#include "bench/scrape.hpp"

#include <doctest/doctest.h>

using nd::bench::sample_of;

namespace {

const std::string page =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
    "# HELP nd_rows_total Rows that were stored\n"
    "# TYPE nd_rows_total counter\n"
    "nd_rows_total 7\n"
    "# TYPE nd_rows_total_more counter\n"
    "nd_rows_total_more 100\n"
    "nd_lag{partition=\"0\",topic=\"nd.events.v1\"} 5\n"
    "nd_lag{partition=\"1\",topic=\"a name with } and blanks\"} 2.5\n"
    "nd_lagging 1000\n"
    "nd_seconds_sum 1.5e-3\n"
    "nd_seconds_bucket{le=\"+Inf\"} 1e+06\n"
    "other_nd_lag 3\n";

}  // namespace

TEST_CASE("a sample without labels is its value") {
    CHECK(sample_of(page, "nd_rows_total") == 7);
    CHECK(sample_of(page, "nd_seconds_sum") == doctest::Approx(0.0015));
}

TEST_CASE("samples that differ in labels only are added up") {
    CHECK(sample_of(page, "nd_lag") == 7.5);
    CHECK(sample_of(page, "nd_seconds_bucket") == 1e6);
}

TEST_CASE("a name that only begins or ends like it is another one") {
    CHECK(sample_of(page, "nd_rows") == 0);
    CHECK(sample_of(page, "nd_la") == 0);
    CHECK(sample_of(page, "lag") == 0);
    CHECK(sample_of(page, "nd_rows_total_more") == 100);
}

TEST_CASE("what is not there is nothing") {
    CHECK(sample_of(page, "nd_absent") == 0);
    CHECK(sample_of("", "nd_rows_total") == 0);
    CHECK(sample_of("nd_rows_total", "nd_rows_total") == 0);
}

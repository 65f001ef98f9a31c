#include "ingest/settings.hpp"

#include "ingest/readiness.hpp"

#include <doctest/doctest.h>

using namespace nd::ingest;

TEST_CASE("keys never cross a network in the clear unless somebody says that a proxy ends TLS") {
    settings s;
    CHECK(transport_problem(s).empty());
    for (const auto* local : {"127.0.0.1:80", "127.8.8.8:80", "[::1]:80", "localhost:80"}) {
        s.listen = local;
        CHECK(transport_problem(s).empty());
    }
    for (const auto* open : {"0.0.0.0:8080", "[::]:8080", "10.0.0.1:8080"}) {
        s.listen = open;
        CHECK(transport_problem(s).find("--behind-proxy") != std::string::npos);
    }
    s.behind_proxy = true;
    CHECK(transport_problem(s).empty());
    s.behind_proxy = false;
    s.tls_certificate = "cert.pem";
    CHECK(transport_problem(s).find("--behind-proxy") != std::string::npos);
    CHECK(pair_problem(s).find("belong together") != std::string::npos);
    s.tls_key = "key.pem";
    CHECK(transport_problem(s).empty());
    CHECK(pair_problem(s).empty());
}

TEST_CASE("there is at least one io thread") {
    settings s;
    CHECK(s.thread_count() >= 1);
    s.threads = 3;
    CHECK(s.thread_count() == 3);
}

TEST_CASE("ready means served by everything that a 202 needs, and Postgres is not among it") {
    ready_facts all;
    all.serving = all.keys_loaded = all.kafka_safe = true;
    CHECK(why_not_ready(all).empty());
    auto one = all;
    one.draining = true;
    CHECK(why_not_ready(one) == "draining");
    one = all;
    one.kafka_unreachable = true;
    CHECK_FALSE(why_not_ready(one).empty());
    one = all;
    one.kafka_refusing = true;
    CHECK_FALSE(why_not_ready(one).empty());
    one = all;
    one.kafka_safe = false;
    CHECK_FALSE(why_not_ready(one).empty());
    one = all;
    one.keys_loaded = false;
    CHECK_FALSE(why_not_ready(one).empty());
    one = all;
    one.serving = false;
    CHECK_FALSE(why_not_ready(one).empty());
}

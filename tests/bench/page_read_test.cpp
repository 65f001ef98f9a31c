#include "bench/page_read.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace nd::bench;

TEST_CASE("a read is a whole request, with If-None-Match where it has an entity tag") {
    std::string head = "what was there before";
    page_read one{"key-a", "/v1/schema?page=/settings", {}};
    write_head(one, "127.0.0.1", head);
    CHECK(head ==
          "GET /v1/schema?page=/settings HTTP/1.1\r\nHost: 127.0.0.1\r\nX-ND-Key: key-a\r\n\r\n");
    CHECK(one.wanted() == 200);
    one.etag = "\"0af3\"";
    write_head(one, "127.0.0.1", head);
    CHECK(head ==
          "GET /v1/schema?page=/settings HTTP/1.1\r\nHost: 127.0.0.1\r\nX-ND-Key: key-a\r\n"
          "If-None-Match: \"0af3\"\r\n\r\n");
    CHECK(one.wanted() == 304);
}

TEST_CASE("a list's enriched pages become targets, escaped and no more than are wanted") {
    const std::string list = R"({"pages":[
        {"page":"/a/b","title":"","enriched":true},
        {"page":"/not/yet","title":"","enriched":false},
        {"page":"/:id/caf\u00e9 au lait?&#","title":"","enriched":true},
        {"page":"/z","title":"","enriched":true}]})";
    CHECK(page_targets(list, 2) ==
          std::vector<std::string>{"/v1/schema?page=/a/b",
                                   "/v1/schema?page=/%3Aid/caf%C3%A9%20au%20lait%3F%26%23"});
    CHECK(page_targets(list, 10).size() == 3);
    CHECK(page_targets(R"({"pages":[]})", 10).empty());
}

TEST_CASE("what is no list of pages is no targets") {
    CHECK_THROWS(static_cast<void>(page_targets("", 1)));
    CHECK_THROWS(static_cast<void>(page_targets(R"({"code":"busy"})", 1)));
    CHECK_THROWS(static_cast<void>(page_targets(R"({"pages":[{"page":"/a"}]})", 1)));
}

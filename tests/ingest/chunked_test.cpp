#include "ingest/chunked.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using namespace nd::ingest;

struct decoded {
    chunk_state state = chunk_state::need_more;
    std::string body;
    std::string left;
};

decoded decode(std::string_view bytes, std::size_t step) {
    decoded d;
    chunked_decoder decoder;
    std::string held;
    while (!bytes.empty() || !held.empty()) {
        held += bytes.substr(0, step);
        bytes.remove_prefix(std::min(step, bytes.size()));
        std::string_view rest = held;
        while (true) {
            std::string_view slice;
            d.state = decoder.next(rest, slice);
            if (d.state != chunk_state::data) break;
            d.body += slice;
        }
        held.erase(0, held.size() - rest.size());
        if (d.state != chunk_state::need_more) break;
        REQUIRE(held.empty());
    }
    d.left = held + std::string(bytes);
    return d;
}

}  // namespace

TEST_CASE("chunks are joined, however they are cut into reads") {
    const std::string sent =
        "5\r\nhello\r\n1;name=value\r\n \r\n00C\r\nworld, again\r\n0\r\nTrailer: x\r\n\r\nNEXT";
    for (std::size_t step = 1; step < sent.size() + 1; ++step) {
        CAPTURE(step);
        const auto d = decode(sent, step);
        CHECK(d.state == chunk_state::complete);
        CHECK(d.body == "hello world, again");
        CHECK(d.left == "NEXT");
    }
    CHECK(decode("0\r\n\r\n", 1).state == chunk_state::complete);
    CHECK(decode("5\r\nhel", 3).state == chunk_state::need_more);
}

TEST_CASE("a malformed chunk is bad wherever it breaks") {
    for (const std::string bytes : {
             "\r\n",
             "x\r\n",
             "-5\r\nhello\r\n",
             "5\nhello\r\n",
             "5\r\nhello\n",
             "5\r\nhelloX\r\n",
             "5\r\nhello\rX",
             "5 5\rX",
             "0x5\r\nhello\r\n",
             "ffffffffffffffffffff\r\n",
             ";\r\n",
             "5;a\nb\r\n",
             "5 7\r\nhello\r\n",
             "5 \t x\r\nhello\r\n",
             "0\r\n\n",
             "0\r\nA: b\n\r\n",
             "5;\x01\r\nhello\r\n",
             "0\r\nA: b\r\rX",
         }) {
        CAPTURE(bytes);
        CHECK(decode(bytes, 1).state == chunk_state::bad);
        CHECK(decode(bytes, bytes.size()).state == chunk_state::bad);
    }
}

TEST_CASE("what carries nothing is bounded") {
    CHECK(decode("5;" + std::string(1000, 'a'), 7).state == chunk_state::bad);
    CHECK(decode(std::string(1000, '0'), 7).state == chunk_state::bad);
    CHECK(decode("0\r\n" + std::string(5000, 'a'), 7).state == chunk_state::bad);
    std::string many = "0\r\n";
    for (int i = 0; i < 2000; ++i)
        many += "A: b\r\n";
    CHECK(decode(many, 7).state == chunk_state::bad);
}

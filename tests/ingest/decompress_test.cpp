#include "ingest/decompress.hpp"

#include "schema/limits.hpp"
#include "tests/ingest/sample_request.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

namespace {

using namespace nd::ingest;
using nd::tests::gzip;
using nd::tests::zstd;

constexpr std::size_t cap = nd::schema::max_decompressed;

std::string text(std::size_t size) {
    std::mt19937 engine(42);
    std::string made;
    while (made.size() < size)
        made += "{\"n\":" + std::to_string(engine()) + "},";
    made.resize(size);
    return made;
}

struct attempt {
    byte_budget budget;
    body_buffer out{budget};
    decompressor unpack;
    unpacked run(coding how, const std::string& in, std::size_t most = cap) {
        out.clear();
        return unpack.run(how, in, out, most);
    }
};

}  // namespace

TEST_CASE("what was compressed comes out again, at every size and with one state") {
    attempt a;
    for (const std::size_t size :
         {1UL, 2UL, 100UL, 16'384UL, 16'385UL, 1'000'000UL, cap - 1, cap}) {
        CAPTURE(size);
        const auto plain = text(size);
        CHECK(a.run(coding::gzip, gzip(plain)) == unpacked::ok);
        CHECK(a.out.view() == plain);
        CHECK(a.run(coding::zstd, zstd(plain)) == unpacked::ok);
        CHECK(a.out.view() == plain);
    }
}

TEST_CASE("one byte over the cap is too large, and a bomb costs no more than the cap") {
    attempt a;
    CHECK(a.run(coding::gzip, gzip(std::string(cap + 1, 'x'))) == unpacked::too_large);
    CHECK(a.run(coding::zstd, zstd(std::string(cap + 1, 'x'))) == unpacked::too_large);
    CHECK(a.run(coding::gzip, gzip(std::string(200u << 20, '\0'))) == unpacked::too_large);
    CHECK(a.budget.used() <= cap + 1);
    CHECK(a.run(coding::zstd, zstd(std::string(200u << 20, '\0'))) == unpacked::too_large);
    CHECK(a.budget.used() <= cap + 1);
}

TEST_CASE("every truncation is told from the whole") {
    attempt a;
    const auto plain = text(3000);
    for (const auto how : {coding::gzip, coding::zstd}) {
        const auto packed = how == coding::gzip ? gzip(plain) : zstd(plain);
        for (std::size_t n = 0; n < packed.size(); ++n) {
            CAPTURE(n);
            CHECK(a.run(how, packed.substr(0, n)) == unpacked::truncated);
        }
    }
}

TEST_CASE("nothing may follow the one member or frame") {
    attempt a;
    const auto g = gzip("{}");
    const auto z = zstd("{}");
    CHECK(a.run(coding::gzip, g + g) == unpacked::trailing);
    CHECK(a.run(coding::gzip, g + "x") == unpacked::trailing);
    CHECK(a.run(coding::gzip, g + std::string(1, '\0')) == unpacked::trailing);
    CHECK(a.run(coding::zstd, z + z) == unpacked::trailing);
    CHECK(a.run(coding::zstd, z + "x") == unpacked::trailing);
    CHECK(a.run(coding::zstd, z + std::string("\x50\x2a\x4d\x18\x00\x00\x00\x00", 8)) ==
          unpacked::trailing);
}

TEST_CASE("what is not the coding that it claims to be is broken") {
    attempt a;
    const auto plain = text(3000);
    CHECK(a.run(coding::gzip, plain) == unpacked::broken);
    CHECK(a.run(coding::zstd, plain) == unpacked::broken);
    CHECK(a.run(coding::gzip, zstd(plain)) == unpacked::broken);
    CHECK(a.run(coding::zstd, gzip(plain)) == unpacked::broken);
    CHECK(a.run(coding::gzip, gzip(plain, 15)) == unpacked::broken);   // zlib's own wrapper
    CHECK(a.run(coding::gzip, gzip(plain, -15)) == unpacked::broken);  // raw deflate
    auto damaged = gzip(plain);
    damaged[damaged.size() - 6] ^= 1;  // the CRC
    CHECK(a.run(coding::gzip, damaged) == unpacked::broken);
    CHECK(a.run(coding::zstd, std::string("\x50\x2a\x4d\x18\x04\x00\x00\x00{\"\"}", 12)) ==
          unpacked::broken);
}

TEST_CASE("a zstd window over 8 MiB is refused, 8 MiB is not") {
    attempt a;
    const auto plain = text(100'000);
    CHECK(a.run(coding::zstd, zstd(plain, 23)) == unpacked::ok);
    CHECK(a.out.view() == plain);
    CHECK(a.run(coding::zstd, zstd(plain, 24)) == unpacked::window_too_big);
    CHECK(a.run(coding::zstd, zstd(plain, 27)) == unpacked::window_too_big);
}

TEST_CASE("the length that a stream claims is the room it gets, if its bytes could fill it") {
    attempt a;
    const auto plain = text(100'000);
    for (const auto how : {coding::gzip, coding::zstd}) {
        CHECK(a.run(how, how == coding::gzip ? gzip(plain) : zstd(plain)) == unpacked::ok);
        CHECK(a.budget.used() == plain.size() + 1);  // the buffer never grew
    }
    auto lie = gzip("{}");
    lie.replace(lie.size() - 4, 4, std::string("\x00\x00\x70\x00", 4));  // 7 MiB
    CHECK(a.run(coding::gzip, lie) == unpacked::broken);
    CHECK(a.budget.used() <= body_buffer::first_step + 1);
    // A zstd frame of one empty block that says it holds 7 MiB.
    const std::string none("\x28\xb5\x2f\xfd\xa0\x00\x00\x70\x00\x01\x00\x00", 12);
    static_cast<void>(a.run(coding::zstd, none));  // libzstd lets an empty last block pass
    CHECK(a.budget.used() <= body_buffer::first_step + 1);
}

TEST_CASE("a used up budget is not the client's fault") {
    byte_budget budget(100'000);
    body_buffer out(budget);
    decompressor unpack;
    CHECK(unpack.run(coding::gzip, gzip(std::string(1'000'000, 'x')), out, cap) ==
          unpacked::no_room);
    out.clear();
    CHECK(unpack.run(coding::zstd, zstd(std::string(1'000'000, 'x')), out, cap) ==
          unpacked::no_room);
    out.clear();
    CHECK(budget.used() == 0);
    CHECK(unpack.run(coding::gzip, gzip("{}"), out, cap) == unpacked::ok);
}

TEST_CASE("each outcome but ok has a sentence for the client") {
    for (const auto end : {unpacked::broken, unpacked::truncated, unpacked::trailing,
                           unpacked::window_too_big, unpacked::too_large, unpacked::no_room})
        CHECK_FALSE(to_sentence(end).empty());
}

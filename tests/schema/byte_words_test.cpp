#include "schema/byte_words.hpp"

#include "schema/byte_writer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>

using namespace nd::schema;

namespace {

bool has_digit_slowly(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

TEST_CASE("each byte is told from its neighbours, whatever they are") {
    for (unsigned c = 0; c < 256; ++c) {
        for (const unsigned other : {0u, 0x2fu, 0x30u, 0x39u, 0x3au, 0x7fu, 0x80u, 0xb0u, 0xffu}) {
            for (unsigned place = 0; place < 64; place += 8) {
                const auto word = (other * bytes::each & ~(0xffull << place)) | std::uint64_t{c}
                                                                                    << place;
                const auto at = 0x80ull << place;
                CAPTURE(c);
                CAPTURE(other);
                CHECK(((bytes::digits(word) & at) != 0) == (c >= '0' && c <= '9'));
                CHECK(((bytes::equal(word, '"') & at) != 0) == (c == '"'));
                CHECK(((bytes::below(word, 0x20) & at) != 0) == (c < 0x20));
                CHECK(((bytes::below(word, 0x80) & at) != 0) == (c < 0x80));
            }
        }
    }
}

TEST_CASE("a digit is found at any place of a text of any length, and nothing else is one") {
    std::mt19937 random(1);  // NOLINT: the same texts each time
    for (std::size_t size = 0; size < 40; ++size) {
        const std::string plain(size, 'x');
        CHECK_FALSE(has_digit(plain));
        for (std::size_t at = 0; at < size; ++at) {
            auto text = plain;
            text[at] = '7';
            CHECK(has_digit(text));
        }
        for (int i = 0; i < 2000; ++i) {
            std::string text;
            for (std::size_t at = 0; at < size; ++at)
                text += static_cast<char>(random() % (i % 2 == 0 ? 256 : 48));
            CHECK(has_digit(text) == has_digit_slowly(text));
        }
    }
}

TEST_CASE("texts are the same only when every byte of them is") {
    for (std::size_t size = 0; size < 40; ++size) {
        const std::string text(size, 'x');
        CHECK(same_text(text, std::string(size, 'x')));
        CHECK_FALSE(same_text(text, std::string(size + 1, 'x')));
        for (std::size_t at = 0; at < size; ++at) {
            auto other = text;
            other[at] = 'y';
            CHECK_FALSE(same_text(text, other));
        }
    }
}

TEST_CASE("what was put is there, however long, and however little was expected") {
    std::mt19937 random(2);  // NOLINT
    std::string expected;
    byte_writer to(1);
    for (std::size_t size = 0; size < 300; ++size) {
        std::string text;
        for (std::size_t at = 0; at < size; ++at)
            text += static_cast<char>('a' + random() % 26);
        const auto number = static_cast<std::uint32_t>(random());
        to.make_room(text.size() + 1 + byte_writer::longest_number);
        to.put(text);
        to.put('\0');
        to.put_number(number);
        expected += text + '\0' + std::to_string(number);
    }
    CHECK(to.view() == expected);
    to.make_room(byte_writer::longest_number);
    to.put_number(0xffff'ffff);
    CHECK(to.view().ends_with("4294967295"));
}

#include "schema/receipt.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

using namespace nd::schema;

namespace {

const std::string old_secret(32, 'o');
const std::string new_secret(32, 'n');
constexpr instant noon{1'795'000'000'654'321};

receipt sample(std::size_t accepted = 1000) {
    return make_receipt(*parse_tenant_id("aa000000-0000-4000-8000-000000000001"),
                        *parse_uuid("0b7f3d0c-5f5c-4a53-9a2e-0c5a0c8b1f2e"), accepted, noon);
}

// A secret file that goes with the object.
class secret_file {
  public:
    explicit secret_file(const std::string& text, mode_t mode = 0600) {
        const int fd = ::mkstemp(path_);
        REQUIRE(fd >= 0);
        ::close(fd);
        std::ofstream(path_) << text;
        ::chmod(path_, mode);
    }
    ~secret_file() { std::remove(path_); }
    [[nodiscard]] std::string path() const { return path_; }

  private:
    char path_[32] = "/tmp/nd-receipt-key-XXXXXX";
};

}  // namespace

TEST_CASE("a receipt comes back as it was signed, for 90 days, in whole seconds") {
    receipt_keys keys({new_secret});
    for (const std::size_t accepted : {1U, 50U, 1000U}) {
        const auto token = keys.sign(sample(accepted));
        CHECK(token.size() == receipt_length);
        CHECK(token.size() <= 1024);
        const auto back = keys.open(token);
        REQUIRE(back);
        CHECK(*back == sample(accepted));
        CHECK(back->issued_at.us == 1'795'000'000'000'000);
        CHECK(back->expires_at.us - back->issued_at.us == 90ll * 24 * 3600 * 1'000'000);
    }
}

TEST_CASE("a token that differs anywhere is no receipt, and neither is a piece of one") {
    receipt_keys keys({new_secret});
    const auto token = keys.sign(sample());
    for (std::size_t i = 0; i < token.size(); ++i) {
        for (const char other : {'A', 'b', '7', '_', '=', ' ', '\0'}) {
            auto forged = token;
            if (forged[i] == other) continue;
            forged[i] = other;
            CAPTURE(i);
            CHECK_FALSE(keys.open(forged));
        }
        CHECK_FALSE(keys.open(token.substr(0, i)));
        CHECK_FALSE(keys.open(token.substr(i + 1)));
    }
    CHECK_FALSE(keys.open(token + "A"));
    CHECK_FALSE(keys.open(token + token));
    CHECK_FALSE(keys.open(""));
    CHECK(keys.open(token));
}

TEST_CASE("the first key signs, an old one is still accepted, a removed one no more") {
    receipt_keys before({old_secret});
    receipt_keys rotated({new_secret, old_secret});
    receipt_keys after({new_secret});
    const auto old_token = before.sign(sample());
    CHECK(rotated.open(old_token));
    CHECK_FALSE(after.open(old_token));
    const auto fresh = rotated.sign(sample());
    CHECK(after.open(fresh));
    CHECK_FALSE(before.open(fresh));
    CHECK(rotated.ids() == std::vector{after.ids().front(), before.ids().front()});
}

TEST_CASE("without files the pepper signs; with files it is still accepted") {
    const std::string pepper(32, 'p');
    const auto alone = receipt_secrets("", pepper);
    REQUIRE(alone.has_value());
    const auto token = receipt_keys(*alone).sign(sample());
    const secret_file one(new_secret + "\n");
    const secret_file two(old_secret);
    const auto three = receipt_secrets(one.path() + "," + two.path(), pepper);
    REQUIRE(three.has_value());
    CHECK(three->size() == 3);
    receipt_keys keys(*three);
    CHECK(keys.open(token));
    CHECK(keys.ids().front() == receipt_keys({new_secret}).ids().front());
    CHECK_FALSE(receipt_keys(*receipt_secrets("", std::string(32, 'q'))).open(token));
}

TEST_CASE("a receipt key file that is missing, short or open to everybody is refused by name") {
    const secret_file shorter("short");
    const secret_file open_to_all(new_secret, 0644);
    for (const auto& path : {std::string("/nowhere/key"), shorter.path(), open_to_all.path()}) {
        const auto read = receipt_secrets(path, "");
        REQUIRE(read.has_error());
        CHECK(read.error().detail.find(path) != std::string::npos);
    }
}

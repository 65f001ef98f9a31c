#include "base/hmac.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <string>

using namespace nd::base;

TEST_CASE("HMAC-SHA256 gives the vectors of RFC 4231") {
    hmac_sha256 case1(std::string(20, '\x0b'));
    CHECK(to_hex(case1("Hi There")) ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    hmac_sha256 case2("Jefe");
    CHECK(to_hex(case2("what do ya want for nothing?")) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    hmac_sha256 longer_than_a_block(std::string(131, '\xaa'));
    CHECK(to_hex(longer_than_a_block("Test Using Larger Than Block-Size Key - Hash Key First")) ==
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("one HMAC object gives the same digest for the same message, again and again") {
    hmac_sha256 mac("secret");
    const auto first = mac("a");
    CHECK(mac("b") != first);
    CHECK(mac("a") == first);
}

TEST_CASE("a secret file is refused when it is missing, open to everybody or too short") {
    const std::string path = std::string(std::getenv("TMPDIR") ? std::getenv("TMPDIR") : "/tmp") +
                             "/nd_secret_" + std::to_string(::getpid());
    CHECK(read_secret_file(path).error().code == errc::invalid);
    {
        std::ofstream(path) << std::string(31, 'x') << '\n';
        ::chmod(path.c_str(), 0600);
        CHECK(read_secret_file(path).error().detail.find("31 bytes") != std::string::npos);
        std::ofstream(path) << std::string(32, 'x') << '\n';
        CHECK(read_secret_file(path).value() == std::string(32, 'x'));
        ::chmod(path.c_str(), 0604);
        CHECK(read_secret_file(path).error().detail.find("chmod 600") != std::string::npos);
    }
    std::remove(path.c_str());
}

// Who is at the other end: the certificate and the host name are verified, always.
#include "tests/openai/client_bed.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::tests;

namespace {

struct tls_bed {
    explicit tls_bed(const std::string& who) {
        files.certify("server", who);
        files.certify("stranger", "DNS:localhost,IP:127.0.0.1");
        stub_server_settings with;
        with.certificate = files.file("server.pem");
        with.key = files.file("server.key");
        server = std::make_unique<stub_server>(with);
        settings.key_file = files.secret("key", with.api.key);
        settings.trust_file = files.file("server.pem");
    }
    auto ask(const std::string& host) {
        settings.url = "https://" + host + ":" + std::to_string(server->port()) + "/v1";
        const auto client = model::openai_client::make(io, settings).value();
        return base::run_task(io, client->respond(plain_body));
    }

    scratch_files files;
    std::unique_ptr<stub_server> server;
    boost::asio::io_context io{1};
    model::openai_settings settings;
};

void is_refused(const model::api_result<model::api_reply<model::response_answer>>& got,
                const std::string& words) {
    REQUIRE(!got);
    CHECK(got.error().what == model::fate::retry);  // nothing was sent, the key least of all
    CHECK_MESSAGE(got.error().detail.find(words) != std::string::npos, got.error().detail);
}

}  // namespace

TEST_CASE("a certificate that is trusted and names the host is taken, by name and by address") {
    tls_bed bed("DNS:localhost,IP:127.0.0.1");
    CHECK(bed.ask("localhost").has_value());
    CHECK(bed.ask("127.0.0.1").has_value());
}

TEST_CASE("a certificate of somebody else is refused") {
    tls_bed bed("DNS:api.openai.com");
    is_refused(bed.ask("localhost"), "hostname mismatch");
    is_refused(bed.ask("127.0.0.1"), "IP address mismatch");
    // A name in place of an address, and the other way round, is none either.
    tls_bed number("DNS:127.0.0.1");
    is_refused(number.ask("127.0.0.1"), "IP address mismatch");
}

TEST_CASE("a certificate that nobody vouches for is refused, by the system's list and by ours") {
    tls_bed bed("DNS:localhost");
    bed.settings.trust_file = bed.files.file("stranger.pem");
    is_refused(bed.ask("localhost"), "certificate");
    bed.settings.trust_file.clear();
    is_refused(bed.ask("localhost"), "certificate");
}

TEST_CASE("a server that does not speak TLS gets nothing") {
    const stub_server plain({});
    tls_bed bed("DNS:localhost");
    bed.settings.url = "https://localhost:" + std::to_string(plain.port()) + "/v1";
    const auto client = model::openai_client::make(bed.io, bed.settings).value();
    const auto got = base::run_task(bed.io, client->respond(plain_body));
    REQUIRE(!got);
    CHECK(got.error().what == model::fate::retry);
}

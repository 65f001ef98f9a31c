// TLS at nd-ingest's own socket: versions, the reload of its certificate, refusals through it.
#include "tests/ingest/edge_process.hpp"
#include "tests/support/stack.hpp"

#include <doctest/doctest.h>

#include <signal.h>

#include <cstdlib>
#include <fstream>
#include <string>

using namespace nd::tests;

namespace {

void make_certificate(const scratch_folder& in, const std::string& name) {
    const auto command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=" +
        name + " -keyout " + in.file("key.pem") + " -out " + in.file("cert.pem") + " 2>/dev/null";
    REQUIRE(std::system(command.c_str()) == 0);
}

variables tls_files(const scratch_folder& in) {
    return {{"ND_TLS_CERT", in.file("cert.pem")}, {"ND_TLS_KEY", in.file("key.pem")}};
}

}  // namespace

TEST_CASE(
    "TLS: a new certificate is taken on SIGHUP without dropping a connection, a bad one is not") {
    scratch_folder files;
    make_certificate(files, "first");
    edge_process edge(tls_files(files));
    const auto key = edge.make_key();
    const auto text = good_request(key.key).text();
    auto old = edge.connect(true);
    CHECK(old.peer_name() == "first");
    old.send(text);
    CHECK(old.read_answer().status != 0);

    make_certificate(files, "second");
    edge.signal(SIGHUP);
    CHECK(eventually(std::chrono::seconds(10),
                     [&] { return edge.connect(true).peer_name() == "second"; }));
    old.send(text);
    CHECK(old.read_answer().status == 202);

    std::ofstream(files.file("cert.pem")) << "not a certificate\n";
    edge.signal(SIGHUP);
    CHECK(eventually(std::chrono::seconds(10),
                     [&] { return edge.log().find("stays as it was") != std::string::npos; }));
    auto fresh = edge.connect(true);
    CHECK(fresh.peer_name() == "second");
    fresh.send(text);
    CHECK(fresh.read_answer().status == 202);
    old.send(text);
    CHECK(old.read_answer().status == 202);
}

TEST_CASE("an early refusal can be read through TLS too") {
    scratch_folder files;
    make_certificate(files, "edge");
    edge_process edge(tls_files(files));
    auto client = edge.connect(true);
    client.send("POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n" +
                std::string(100'000, ' '));
    for (int i = 0; i < 29; ++i)
        client.send(std::string(100'000, ' '));
    CHECK(client.read_answer().status == 401);
    CHECK(client.ends_in_order());
    auto plain = edge.connect(false);
    plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(plain.read_answer().status == 0);
}

TEST_CASE("TLS 1.1 is refused and 1.2 is taken, also where the machine's OpenSSL allows both") {
    scratch_folder files;
    make_certificate(files, "edge");
    // Without this the library alone would refuse 1.1, and nothing would be said about nd-ingest.
    std::ofstream(files.file("openssl.cnf")) << "openssl_conf = all\n[all]\nssl_conf = ssl\n"
                                                "[ssl]\nsystem_default = lax\n"
                                                "[lax]\nMinProtocol = TLSv1\n"
                                                "CipherString = DEFAULT:@SECLEVEL=0\n";
    auto more = tls_files(files);
    more["OPENSSL_CONF"] = files.file("openssl.cnf");
    edge_process edge(more);
    CHECK_FALSE(takes_tls(edge.port(), tls_version::v1_1));
    CHECK(takes_tls(edge.port(), tls_version::v1_2));
    CHECK(takes_tls(edge.port(), tls_version::v1_3));
}

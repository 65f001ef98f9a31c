// The limit does for each request what the server must do: read it, through TLS, unpack it, answer.
#include "bench/limit_responder.hpp"

#include "bench/load.hpp"
#include "tests/bench/samples.hpp"

#include <doctest/doctest.h>
#include <unistd.h>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/write.hpp>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

using namespace std::chrono_literals;
using namespace nd::bench;
namespace asio = boost::asio;

namespace {

struct certificate {
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("nd-responder." + std::to_string(::getpid()));
    std::string pem = folder / "one.pem", key = folder / "one.key";
    certificate() {
        std::filesystem::create_directories(folder);
        const auto command =
            "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "
            "/CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout " +
            key + " -out " + pem + " 2>/dev/null";
        if (std::system(command.c_str()) != 0) throw std::runtime_error("openssl failed");
    }
    ~certificate() { std::filesystem::remove_all(folder); }
    certificate(const certificate&) = delete;
    certificate& operator=(const certificate&) = delete;
};

load_outcome run(const limit_responder& on, encoding how, asio::ssl::context* tls = nullptr) {
    static const std::vector<std::string> keys{"nd_live_x"};
    static const auto events = nd::tests::recorded_events();
    load_plan plan;
    plan.to = {asio::ip::make_address("127.0.0.1"), on.port()};
    plan.host = "127.0.0.1";
    plan.tls = tls;
    plan.keys = keys;
    plan.events = events;
    plan.encoded = how;
    plan.connections = 4;
    plan.events_per_request = 10;
    plan.requests_per_s = 200;
    plan.warm_up = 50ms;
    plan.window = 300ms;
    plan.patience = 2s;
    asio::io_context io(1);
    load one(io, plan);
    one.start();
    io.run();
    return one.outcome();
}

// What comes back for that body, until the other side closes.
std::string answer_to(const limit_responder& on, const std::string& encoding,
                      const std::string& body) {
    asio::io_context io(1);
    asio::ip::tcp::socket to(io);
    to.connect({asio::ip::make_address("127.0.0.1"), on.port()});
    asio::write(
        to, asio::buffer("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Encoding: " + encoding +
                         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body));
    std::string said(1000, '\0');
    boost::system::error_code ec;
    said.resize(to.read_some(asio::buffer(said), ec));
    return said;
}

}  // namespace

TEST_CASE("what cannot be unpacked is never answered: it is unpacked each time") {
    for (const auto* how : {"gzip", "zstd"}) {
        const limit_responder on;
        CHECK(answer_to(on, how, "neither of them").empty());
    }
}

TEST_CASE("each encoding is answered 202, on the same connections") {
    const limit_responder on;
    for (const auto how : {encoding::identity, encoding::gzip, encoding::zstd}) {
        CAPTURE(to_string(how));
        const auto got = run(on, how);
        CHECK(got.requests > 20);
        CHECK(got.failures() == 0);
    }
}

TEST_CASE("with a certificate it speaks TLS, compressed or not, and nothing else") {
    const certificate made;
    responder_settings with;
    with.certificate = made.pem;
    with.key = made.key;
    const limit_responder on(with);
    asio::ssl::context trusting(asio::ssl::context::tls_client);
    trusting.load_verify_file(made.pem);
    trusting.set_verify_mode(asio::ssl::verify_peer);
    for (const auto how : {encoding::identity, encoding::gzip, encoding::zstd}) {
        CAPTURE(to_string(how));
        const auto got = run(on, how, &trusting);
        CHECK(got.requests > 20);
        CHECK(got.failures() == 0);
    }
    CHECK(run(on, encoding::identity).requests == 0);
}

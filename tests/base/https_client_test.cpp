// In the clear; tests/openai has the same client behind TLS.
#include "base/https_client.hpp"

#include "base/run_task.hpp"
#include "tests/base/byte_server.hpp"

#include <doctest/doctest.h>

using namespace nd::base;
using namespace std::chrono_literals;
using nd::tests::byte_server;
using socket_type = byte_server::socket;

namespace {

struct asker {
    boost::asio::io_context io{1};
    std::unique_ptr<https_client> client;

    explicit asker(const std::string& url, https_settings with = {}) {
        with.url = url;
        client = https_client::make(io, with).value();
    }
    https_result get(const std::string& path = "/x") {
        https_request what;
        what.path = path;
        what.patience = 3s;
        return send(what);
    }
    https_result send(https_request what) {
        return run_task(io, client->exchange(std::move(what)));
    }
};

byte_server::manner answering(const std::string& bytes, int times = 1) {
    return [bytes, times](socket_type& peer) {
        for (int i = 0; i < times; ++i)
            if (!byte_server::read_head(peer).empty()) byte_server::say(peer, bytes);
        // Until the client goes: whoever counts connections must not see them end.
        byte_server::read_head(peer);
    };
}

const std::string fine = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Request-ID: r1\r\n\r\nok";

}  // namespace

TEST_CASE("an answer comes back with its headers in lower case, on one connection for all") {
    byte_server server({answering(fine, 3)});
    asker asks(server.url());
    for (int i = 0; i < 3; ++i) {
        const auto got = asks.get();
        REQUIRE(got.has_value());
        CHECK(got->status == 200);
        CHECK(got->body == "ok");
        CHECK(header_of(got->headers, "x-request-id") == "r1");
    }
    CHECK(asks.client->connections_made() == 1);
}

TEST_CASE("what is sent is what was meant: method, path behind the URL's own, length, headers") {
    std::string head;
    byte_server server({[&](socket_type& peer) {
        head = byte_server::read_head(peer);
        byte_server::say(peer, fine);
    }});
    {
        asker asks(server.url() + "/v1/");
        https_request what;
        what.method = "POST";
        what.path = "/files?a=b";
        what.headers = {{"X-One", "1"}};
        what.body = "body";
        CHECK(asks.send(what)->status == 200);
    }
    CHECK(head.starts_with(
        "POST /v1/files?a=b HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
        "\r\nX-One: 1\r\nContent-Length: 4\r\n\r\n"));
}

TEST_CASE("a header that would end its line early is never sent") {
    byte_server server({});
    asker asks(server.url());
    https_request what;
    what.path = "/";
    what.headers = {{"Authorization", "Bearer a\r\nX-Evil: 1"}};
    const auto got = asks.send(what);
    REQUIRE(!got);
    CHECK(!got.error().may_have_arrived);
}

TEST_CASE("chunks, interim answers and an end by closing are understood") {
    byte_server server(
        {answering(
             "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: "
             "chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"),
         [](socket_type& peer) {
             byte_server::read_head(peer);
             byte_server::say(peer, "HTTP/1.1 200 OK\r\n\r\nuntil the end");
         },
         answering("HTTP/1.1 204 No Content\r\n\r\n")});
    {
        asker asks(server.url(), {.most_idle = 0});
        CHECK(asks.get()->body == "abcde");
        CHECK(asks.get()->body == "until the end");
        CHECK(asks.get()->status == 204);
    }
}

TEST_CASE("an answer that is cut is no answer, and the request may have arrived") {
    const auto cut = [](const std::string& bytes) {
        return [bytes](socket_type& peer) {
            byte_server::read_head(peer);
            byte_server::say(peer, bytes);
        };
    };
    byte_server server({cut(""), cut("HTTP/1.1 200 OK\r\nConte"),
                        cut("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
                        cut("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
                        cut("SSH-2.0-OpenSSH\r\n\r\n")});
    asker asks(server.url());
    for (int i = 0; i < 5; ++i) {
        const auto got = asks.get();
        REQUIRE_MESSAGE(!got, i);
        CHECK(got.error().may_have_arrived);
        CHECK(got.error().detail.find("127.0.0.1") != std::string::npos);
    }
    CHECK(asks.client->connections_made() == 5);
}

TEST_CASE("a connection that the server closed meanwhile is not used again") {
    byte_server server({[](socket_type& peer) {
                            byte_server::read_head(peer);
                            byte_server::say(peer, fine);
                        },
                        answering(fine, 2)});
    asker asks(server.url());
    CHECK(asks.get()->status == 200);
    std::this_thread::sleep_for(50ms);  // the end is on its way
    CHECK(asks.get()->status == 200);
    CHECK(asks.get()->status == 200);
    CHECK(asks.client->connections_made() == 2);
}

TEST_CASE("a connection that was idle for too long, or said to close, is not used again") {
    byte_server server({answering(fine),
                        answering("HTTP/1.1 200 OK\r\nConnection: "
                                  "close\r\nContent-Length: 0\r\n\r\n"),
                        answering(fine)});
    asker asks(server.url(), {.idle = 30ms});
    CHECK(asks.get()->status == 200);
    std::this_thread::sleep_for(60ms);
    CHECK(asks.get()->status == 200);
    CHECK(asks.get()->status == 200);
    CHECK(asks.client->connections_made() == 3);
}

TEST_CASE("a server that says nothing is left when the time is up") {
    byte_server server({answering("")});
    {
        asker asks(server.url());
        https_request what;
        what.path = "/";
        what.patience = 150ms;
        const auto before = std::chrono::steady_clock::now();
        const auto got = asks.send(what);
        CHECK(std::chrono::steady_clock::now() - before < 2s);
        REQUIRE(!got);
        CHECK(got.error().may_have_arrived);
        CHECK(got.error().detail.find("in time") != std::string::npos);
    }
}

TEST_CASE("an answer larger than asked for is left unread") {
    byte_server server({answering("HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\nx"),
                        answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n" +
                                  std::string(100, 'a') + "\r\n0\r\n\r\n")});
    {
        asker asks(server.url());
        for (int i = 0; i < 2; ++i) {
            https_request what;
            what.path = "/";
            what.most_body = 99;
            const auto got = asks.send(what);
            REQUIRE(!got);
            CHECK(got.error().detail.find("larger") != std::string::npos);
        }
    }
}

TEST_CASE("a refusal before the body was read is heard") {
    byte_server server({[](socket_type& peer) {
        byte_server::read_head(peer);
        byte_server::say(peer, "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
        boost::system::error_code ignored;
        peer.shutdown(socket_type::shutdown_send, ignored);
        std::array<char, 65536> rest{};
        while (!ignored)
            peer.read_some(boost::asio::buffer(rest), ignored);
    }});
    {
        asker asks(server.url());
        https_request what;
        what.method = "POST";
        what.path = "/";
        what.body.assign(8U << 20U, 'x');
        const auto got = asks.send(what);
        REQUIRE(got.has_value());
        CHECK(got->status == 413);
        CHECK(got->body == "big");
    }
}

TEST_CASE("nobody there, and a name that does not exist, leave nothing sent") {
    std::uint16_t port = 0;
    {
        byte_server gone({});
        port = gone.port();
    }
    asker nobody("http://127.0.0.1:" + std::to_string(port));
    const auto refused = nobody.get();
    REQUIRE(!refused);
    CHECK(!refused.error().may_have_arrived);
    asker nameless("https://no-such-host.invalid", {.connect_patience = 2s});
    const auto lost = nameless.get();
    REQUIRE(!lost);
    CHECK(!lost.error().may_have_arrived);
    CHECK(lost.error().detail.find("no-such-host.invalid") != std::string::npos);
}

TEST_CASE("settings that cannot work are refused before anything is connected") {
    boost::asio::io_context io;
    https_settings with;
    with.url = "http://example.com";
    CHECK(https_client::make(io, with).error().code == errc::invalid);
    with.url = "https://example.com";
    with.trust_file = "/does/not/exist.pem";
    const auto made = https_client::make(io, with);
    REQUIRE(!made);
    CHECK(made.error().detail.find("/does/not/exist.pem") != std::string::npos);
}

#include "base/admin_http.hpp"
#include "base/metrics.hpp"

#include <doctest/doctest.h>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>

#include <string>

using namespace nd::base;
using boost::asio::ip::tcp;

namespace {

std::string exchange(std::uint16_t port, const std::string& request) {
    boost::asio::io_context io;
    tcp::socket socket(io);
    socket.connect({boost::asio::ip::make_address("127.0.0.1"), port});
    boost::asio::write(socket, boost::asio::buffer(request));
    std::string answer;
    boost::system::error_code ec;
    boost::asio::read(socket, boost::asio::dynamic_buffer(answer), ec);
    return answer;
}

std::unique_ptr<admin_server> serve_one() {
    admin_routes routes;
    routes["/healthz"] = [] { return admin_reply{200, "application/json", R"({"status":"ok"})"}; };
    routes["/readyz"] = [] {
        return admin_reply{503, "application/json", R"({"status":"starting"})"};
    };
    return admin_server::start({"127.0.0.1", 0}, std::move(routes)).value();
}

}  // namespace

TEST_CASE("the admin port answers its routes, HEAD without a body, and refuses the rest") {
    const auto server = serve_one();
    const auto ask = [&](const std::string& line) {
        return exchange(server->port(), line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    };
    CHECK(ask("GET /healthz").find("{\"status\":\"ok\"}") != std::string::npos);
    CHECK(ask("GET /healthz?x=1").rfind("HTTP/1.1 200", 0) == 0);
    CHECK(ask("GET /readyz").rfind("HTTP/1.1 503", 0) == 0);
    const auto head = ask("HEAD /healthz");
    CHECK(head.find("Content-Length: 15") != std::string::npos);
    CHECK(head.find("status\":\"ok") == std::string::npos);
    CHECK(ask("GET /nothing").rfind("HTTP/1.1 404", 0) == 0);
    const auto wrong = ask("DELETE /healthz");
    CHECK(wrong.rfind("HTTP/1.1 405", 0) == 0);
    CHECK(wrong.find("Allow: GET, HEAD") != std::string::npos);
}

TEST_CASE("a refusal of the admin port says what to change and has an id of its own") {
    const auto server = serve_one();
    const auto ask = [&](const std::string& line) {
        const auto answer =
            exchange(server->port(), line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        CHECK(answer.find("application/problem+json") != std::string::npos);
        return boost::json::parse(answer.substr(answer.find("\r\n\r\n") + 4)).as_object();
    };
    const auto missing = ask("GET /nothing");
    CHECK(missing.at("code") == "not_found");
    CHECK(missing.at("status") == 404);
    CHECK(missing.at("detail").as_string().find("/healthz, /readyz") != std::string::npos);
    CHECK(missing.at("type") == "https://activationkit.com/problems/not_found");
    const auto wrong = ask("DELETE /healthz");
    CHECK(wrong.at("code") == "method_not_allowed");
    CHECK(wrong.at("detail") == "Use GET or HEAD.");
    CHECK(missing.at("request_id").as_string().size() == 36);
    CHECK(missing.at("request_id") != wrong.at("request_id"));
}

TEST_CASE("an admin port that is taken says so") {
    const auto first = serve_one();
    const auto second = admin_server::start({"127.0.0.1", first->port()}, {});
    REQUIRE(second.has_error());
    CHECK(second.error().code == errc::unavailable);
    CHECK(second.error().detail.find(std::to_string(first->port())) != std::string::npos);
}

TEST_CASE("metrics of one name come out as one family") {
    metrics all;
    all.make_counter("nd_test_total", "what is counted", {{"code", "202"}}).Increment(3);
    all.make_counter("nd_test_total", "what is counted", {{"code", "400"}}).Increment();
    const auto text = all.text();
    CHECK(text.find("nd_test_total{code=\"202\"} 3") != std::string::npos);
    CHECK(text.find("# HELP nd_test_total", text.find("# HELP nd_test_total") + 1) ==
          std::string::npos);
}

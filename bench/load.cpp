#include "bench/load.hpp"

#include "base/random.hpp"
#include "base/task.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <stdexcept>

namespace nd::bench {
namespace asio = boost::asio;
namespace http = boost::beast::http;
using executor = asio::io_context::executor_type;
using socket_type = asio::basic_stream_socket<asio::ip::tcp, executor>;
using clock = std::chrono::steady_clock;

namespace {

constexpr auto use_task = asio::use_awaitable_t<executor>();

struct shared {
    const load_plan& plan;
    load_outcome outcome;
    clock::time_point end;
    std::size_t next_key = 0;
};

std::string make_request(const load_plan& plan, const std::string& key) {
    std::string body = R"({"events":[)";
    for (int i = 0; i < plan.events_per_request; ++i) {
        if (i > 0) body += ',';
        body += make_event();
    }
    body += "]}";
    return fmt::format(
        "POST /v1/events HTTP/1.1\r\nHost: {}\r\nX-ND-Key: {}\r\nContent-Type: application/json\r\n"
        "Content-Length: {}\r\n\r\n{}",
        plan.host, key, body.size(), body);
}

// What is rejected costs something else than what is accepted: such a figure would say nothing.
bool took_all(std::string_view answer) {
    return answer.find("\"rejected\":[{") == std::string_view::npos;
}

base::task<> one_connection(socket_type socket, shared& all) {
    boost::beast::flat_buffer buffer;
    while (clock::now() < all.end) {
        const auto& key = all.plan.keys[all.next_key++ % all.plan.keys.size()];
        const auto request = make_request(all.plan, key);
        const auto sent = clock::now();
        boost::system::error_code ec;
        co_await asio::async_write(socket, asio::buffer(request),
                                   asio::redirect_error(use_task, ec));
        http::response<http::string_body> answer;
        if (!ec)
            co_await http::async_read(socket, buffer, answer, asio::redirect_error(use_task, ec));
        const auto status = ec ? 0 : static_cast<int>(answer.result_int());
        if (status == 202 && !took_all(answer.body()))
            throw std::runtime_error("events were rejected: " + answer.body().substr(0, 300));
        if (status != 202) {
            ++all.outcome.refused[status];
            if (ec) co_return;
            continue;
        }
        ++all.outcome.requests;
        all.outcome.events += static_cast<std::uint64_t>(all.plan.events_per_request);
        all.outcome.latencies_ms.push_back(
            std::chrono::duration<double, std::milli>(clock::now() - sent).count());
    }
}

}  // namespace

std::string make_event() {
    static std::uint64_t counter = 0;
    static const auto seed = [] {
        std::array<std::uint8_t, 8> bytes{};
        base::fill_random(bytes);
        return bytes;
    }();
    const auto now =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto ms = now.time_since_epoch().count();
    ++counter;
    return fmt::format(
        R"({{"event_id":"{:02x}{:02x}{:02x}{:02x}-{:02x}{:02x}-4{:03x}-8{:03x}-{:012x}",)"
        R"("name":"element_clicked","occurred_at":"{:%Y-%m-%dT%H:%M:%S}.{:03}Z",)"
        R"("session_id":"s-{:08x}","user_id":"u-{:06x}","page":"/app/settings/billing",)"
        R"("properties":{{"role":"button","element":"Save changes","section":"form",)"
        R"("state":{{"disabled":false}},"x":412,"y":96.5}}}})",
        seed[0], seed[1], seed[2], seed[3], seed[4], seed[5], seed[6], seed[7], counter,
        fmt::gmtime(static_cast<std::time_t>(ms / 1000)), ms % 1000, counter & 0xffff,
        counter & 0xfff);
}

load_outcome run_load(const load_plan& plan) {
    asio::io_context io(1);
    const auto begin = clock::now();
    shared all{plan, {}, begin + plan.duration, 0};
    for (int i = 0; i < plan.connections; ++i) {
        socket_type socket(io);
        socket.connect({asio::ip::make_address(plan.host), plan.port});
        socket.set_option(asio::ip::tcp::no_delay(true));
        asio::co_spawn(io.get_executor(), one_connection(std::move(socket), all),
                       [](const std::exception_ptr& e) {
                           if (e) std::rethrow_exception(e);
                       });
    }
    io.run();
    all.outcome.seconds = std::chrono::duration<double>(clock::now() - begin).count();
    return std::move(all.outcome);
}

}  // namespace nd::bench

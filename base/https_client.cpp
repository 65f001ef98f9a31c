#include "base/https_client.hpp"

#include "base/https_connection.hpp"

#include <fmt/format.h>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <stdexcept>

namespace nd::base {
namespace asio = boost::asio;
namespace ssl = asio::ssl;
using boost::system::error_code;

namespace {

using executor = https_connection::executor;
using clock = https_connection::clock;
using resolver = asio::ip::basic_resolver<asio::ip::tcp, executor>;
using timer = asio::basic_waitable_timer<clock, asio::wait_traits<clock>, executor>;
constexpr auto use_task = asio::use_awaitable_t<executor>();

// getaddrinfo cannot be interrupted: whoever waits for it goes away when time is up, and its
// outcome comes to this object alone.
struct lookup {
    explicit lookup(const executor& on) : names(on), over(on) {}
    resolver names;
    timer over;
    https_connection::endpoints found;
    error_code ec = asio::error::timed_out;
};

task<result<https_connection::endpoints>> look_up(executor on, const http_url& to,
                                                  clock::time_point until) {
    error_code ec;
    const auto number = asio::ip::make_address(to.host, ec);
    if (!ec) co_return https_connection::endpoints{{number, to.port}};
    const auto asked = std::make_shared<lookup>(on);
    asked->over.expires_at(until);
    asked->names.async_resolve(to.host, fmt::to_string(to.port),
                               [asked](const error_code& failed, const auto& all) {
                                   asked->ec = failed;
                                   for (const auto& one : all)
                                       asked->found.push_back(one.endpoint());
                                   asked->over.cancel();
                               });
    co_await asked->over.async_wait(asio::redirect_error(use_task, ec));
    if (!asked->ec && !asked->found.empty()) co_return asked->found;
    co_return failure(errc::unavailable,
                      fmt::format("cannot find {}: {}", to.host, asked->ec.message()));
}

error bad_trust(std::string_view file, const error_code& ec) {
    return failure(errc::invalid, fmt::format("certificates to trust, {}: {}", file, ec.message()));
}

result<> trust(ssl::context& context, const std::string& file) {
    error_code ec;
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    context.set_verify_mode(ssl::verify_peer, ec);
    if (ec) return bad_trust("TLS", ec);
    if (file.empty()) {
        context.set_default_verify_paths(ec);
        if (ec) return bad_trust("the system's", ec);
    } else {
        context.load_verify_file(file, ec);
        if (ec) return bad_trust(file, ec);
    }
    return {};
}

}  // namespace

void throw_exception_from_error(const https_failure& e, const boost::source_location& where) {
    throw std::logic_error(fmt::format("value() of a failed exchange at {}:{}: {}",
                                       where.file_name(), where.line(), e.detail));
}

struct https_client::inside {
    inside(asio::io_context& on, const https_settings& from) : io(on), with(from) {}

    asio::io_context& io;
    https_settings with;
    http_url to;
    ssl::context tls{ssl::context::tls_client};
    std::vector<std::unique_ptr<https_connection>> idle;  // the one used last at the end
    std::size_t made = 0;

    std::unique_ptr<https_connection> take_idle() {
        const auto since = clock::now() - with.idle;
        while (!idle.empty()) {
            auto last = std::move(idle.back());
            idle.pop_back();
            if (last->fresh(since)) return last;
        }
        return nullptr;
    }

    void put_idle(std::unique_ptr<https_connection> line) {
        if (!line->lives() || with.most_idle == 0) return;
        if (idle.size() >= with.most_idle) idle.erase(idle.begin());
        idle.push_back(std::move(line));
    }
};

https_client::https_client(std::unique_ptr<inside> made) : inside_(std::move(made)) {}
https_client::~https_client() = default;

result<std::unique_ptr<https_client>> https_client::make(asio::io_context& io,
                                                         const https_settings& with) {
    auto made = std::make_unique<inside>(io, with);
    auto to = parse_http_url(with.url);
    if (!to) return to.error();
    made->to = std::move(*to);
    if (made->to.tls) {
        const auto trusted = trust(made->tls, with.trust_file);
        if (!trusted) return trusted.error();
    }
    return std::unique_ptr<https_client>(new https_client(std::move(made)));
}

task<https_result> https_client::exchange(https_request what) {
    auto& in = *inside_;
    const auto until = clock::now() + what.patience;
    auto line = in.take_idle();
    if (!line) {
        const auto soon = std::min(until, clock::now() + in.with.connect_patience);
        auto looking = look_up(in.io.get_executor(), in.to, soon);
        const auto where = co_await std::move(looking);
        if (!where) co_return https_failure{false, where.error().detail};
        line = std::make_unique<https_connection>(in.io.get_executor(), in.to,
                                                  in.to.tls ? &in.tls : nullptr);
        ++in.made;
        auto opening = line->open(*where, soon);
        const auto fault = co_await std::move(opening);
        if (fault) co_return https_failure{false, *fault};
    }
    auto asking = line->exchange(what, until);
    auto got = co_await std::move(asking);
    if (got) in.put_idle(std::move(line));
    co_return got;
}

std::size_t https_client::connections_made() const noexcept {
    return inside_->made;
}

}  // namespace nd::base

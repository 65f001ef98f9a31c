#include "tests/support/http_client.hpp"

#include "base/config.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>
#include <stdexcept>

namespace nd::tests {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

struct http_client::inside {
    asio::io_context io{1};
    beast::tcp_stream stream{io};
    beast::flat_buffer buffer;
    base::host_port where;
    bool connected = false;
    std::chrono::milliseconds patience{0};

    // Beast's deadlines hold for asynchronous calls only. The first error of the three steps.
    void talk(const http::request<http::string_body>& asked,
              http::response<http::string_body>& got) {
        io.restart();
        patience.count() > 0 ? stream.expires_after(patience) : stream.expires_never();
        beast::error_code first;
        const auto hear = [&](beast::error_code ec, std::size_t) { first = ec; };
        const auto read = [&](beast::error_code ec, std::size_t) {
            if (first = ec; !ec) http::async_read(stream, buffer, got, hear);
        };
        const auto write = [&](beast::error_code ec) {
            if (first = ec; !ec) http::async_write(stream, asked, read);
        };
        if (connected) {
            write({});
        } else {
            buffer.clear();
            stream.close();
            stream.async_connect({asio::ip::make_address(where.host), where.port}, write);
        }
        io.run();
        if (first) throw boost::system::system_error(first);
    }
};

http_client::http_client(std::string_view base_url, std::chrono::milliseconds patience)
    : inside_(std::make_unique<inside>()) {
    inside_->patience = patience;
    auto rest = base_url.substr(base_url.find("://") + 3);
    rest = rest.substr(0, rest.find('/'));
    inside_->where = base::parse_host_port(rest).value();
}
http_client::~http_client() = default;
http_client::http_client(http_client&&) noexcept = default;

http_answer http_client::get(const std::string& path, const header_map& headers) {
    return exchange("GET", path, "", headers);
}

http_answer http_client::post(const std::string& path, const std::string& body,
                              const header_map& headers) {
    return exchange("POST", path, body, headers);
}

http_answer http_client::exchange(std::string_view method, const std::string& path,
                                  const std::string& body, const header_map& headers) {
    http::request<http::string_body> asked(http::string_to_verb(std::string(method)), path, 11);
    asked.set(http::field::host, inside_->where.host);
    for (const auto& [name, value] : headers)
        asked.set(name, value);
    asked.body() = body;
    if (method == "POST") asked.prepare_payload();
    http::response<http::string_body> got;
    try {
        inside_->talk(asked, got);
        inside_->connected = got.keep_alive();
    } catch (const boost::system::system_error& e) {
        inside_->connected = false;
        return {0, {}, e.what()};
    }
    http_answer answer{static_cast<int>(got.result_int()), {}, got.body()};
    for (const auto& field : got) {
        std::string name(field.name_string());
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        answer.headers[name] = std::string(field.value());
    }
    return answer;
}

}  // namespace nd::tests

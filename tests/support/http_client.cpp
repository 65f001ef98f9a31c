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
};

http_client::http_client(std::string_view base_url) : inside_(std::make_unique<inside>()) {
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
        auto& stream = inside_->stream;
        if (!inside_->connected) {
            inside_->buffer.clear();
            stream.socket().close();
            stream.socket().connect(
                {asio::ip::make_address(inside_->where.host), inside_->where.port});
            inside_->connected = true;
        }
        http::write(stream, asked);
        http::read(stream, inside_->buffer, got);
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

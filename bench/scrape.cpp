#include "bench/scrape.hpp"

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstdlib>
#include <sstream>

namespace nd::bench {

namespace asio = boost::asio;
namespace http = boost::beast::http;

std::string scrape(std::uint16_t port, std::string_view path) {
    asio::io_context io(1);
    asio::ip::tcp::socket socket(io);
    socket.connect({asio::ip::make_address("127.0.0.1"), port});
    const auto request =
        fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", path);
    asio::write(socket, asio::buffer(request));
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(boost::none);
    http::read(socket, buffer, parser);  // to its end: not everybody closes the connection
    return std::move(parser.get().body());
}

double sample_of(const std::string& page, const std::string& name) {
    std::istringstream lines(page);
    double sum = 0;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(name)) continue;
        const char after = line.size() > name.size() ? line[name.size()] : '\0';
        if (after == '{' || after == ' ')
            sum += std::strtod(line.c_str() + line.rfind(' ') + 1, nullptr);
    }
    return sum;
}

}  // namespace nd::bench

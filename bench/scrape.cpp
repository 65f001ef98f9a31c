#include "bench/scrape.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <cstdlib>
#include <sstream>
#include <string_view>

namespace nd::bench {

namespace asio = boost::asio;

std::string scrape(std::uint16_t admin_port) {
    asio::io_context io(1);
    asio::ip::tcp::socket socket(io);
    socket.connect({asio::ip::make_address("127.0.0.1"), admin_port});
    constexpr std::string_view request =
        "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    asio::write(socket, asio::buffer(request));
    std::string page;
    boost::system::error_code ec;  // the end of the stream is the end of the page
    asio::read(socket, asio::dynamic_buffer(page), ec);
    return page;
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

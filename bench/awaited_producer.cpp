#include "bench/awaited_producer.hpp"

#include <sys/eventfd.h>
#include <boost/asio/buffer.hpp>

#include <cerrno>
#include <system_error>

namespace nd::bench {
namespace asio = boost::asio;

awaited_producer::awaited_producer(asio::io_context& io, const std::string& kafka,
                                   const std::string& client_id, const std::string& topic,
                                   const std::string& codec)
    : to_(kafka, client_id, topic, {{"compression.codec", codec}}), wake_(io.get_executor()) {
    static constexpr std::uint64_t one = 1;
    const int fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (fd < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
    wake_.assign(fd);
    rd_kafka_queue_io_event_enable(to_.reports.get(), fd, &one, sizeof one);
    take_reports();
    await_wake();
}

void awaited_producer::produce(std::string_view value, request& of) {
    produced(rd_kafka_produce(to_.topic.get(), RD_KAFKA_PARTITION_UA, 0,
                              const_cast<char*>(value.data()), value.size(), nullptr, 0, &of) == 0,
             of);
}

void awaited_producer::produce(std::string_view key, std::string_view value, request& of) {
    const base::kafka_error refused = to_.produce(key, value, &of, false);
    produced(!refused, of);
}

void awaited_producer::produced(bool queued, request& of) {
    if (queued)
        ++of.outstanding;
    else
        of.failed = true;
}

void awaited_producer::await_wake() {
    wake_.async_read_some(asio::buffer(&wakes_, sizeof wakes_),
                          [this](const boost::system::error_code& ec, std::size_t) {
                              if (ec) return;
                              take_reports();
                              await_wake();
                          });
}

void awaited_producer::take_reports() {
    while (const base::kafka_event event{rd_kafka_queue_poll(to_.reports.get(), 0)}) {
        while (const auto* message = rd_kafka_event_message_next(event.get())) {
            auto* of = static_cast<request*>(message->_private);
            if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) of->failed = true;
            if (--of->outstanding == 0) of->done.cancel();
        }
    }
}

}  // namespace nd::bench

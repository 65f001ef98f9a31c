#include "base/kafka_producer.hpp"

#include "base/log.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <system_error>

#include <sys/eventfd.h>
#include <unistd.h>

namespace nd::base {

namespace asio = boost::asio;

namespace {

result<kafka_conf> producer_conf(const kafka_producer_settings& s) {
    auto conf = common_kafka_conf(s.kafka, s.client_id);
    if (!conf) return conf.error();
    auto done = conf->set_all({
        {"enable.idempotence", "true"},
        {"acks", "all"},
        {"compression.codec", "lz4"},
        {"linger.ms", fmt::to_string(producer_linger.count())},
        {"message.timeout.ms", fmt::to_string(s.message_timeout_ms)},
        {"queue.buffering.max.kbytes", fmt::to_string(s.queue_bytes / 1024)},
        {"queue.buffering.max.messages", fmt::to_string(s.queue_messages)},
    });
    if (!done) return done.error();
    for (const auto& [name, value] : s.more)
        if (auto set = conf->set(name, value); !set) return set.error();
    rd_kafka_conf_set_events(conf->get(), RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR);
    return conf;
}

}  // namespace

struct kafka_producer::inside {
    partition_turns turns{producer_linger};  // before the client, whose threads ask it
    kafka_handle client;
    std::vector<kafka_topic> topics;  // before the client in destruction: declared after it
    kafka_queue queue;
    asio::posix::basic_stream_descriptor<asio::io_context::executor_type> wake;
    std::uint64_t wakes = 0;  // read and not used
    fatal_handler on_fatal;
    bool fatal_told = false;

    inside(asio::io_context& io, kafka_handle made, fatal_handler handler)
        : client(std::move(made)), wake(io.get_executor()), on_fatal(std::move(handler)) {}

    ~inside() {
        // librdkafka must stop writing to the descriptor before it is closed: the number may be
        // somebody else's next.
        if (queue) rd_kafka_queue_io_event_enable(queue.get(), -1, nullptr, 0);
    }

    void listen();
    void await_wake();
    void drain();
    void serve(rd_kafka_event_t* event);
    void report(rd_kafka_event_t* event) const;
    void complain(rd_kafka_event_t* event);
};

void kafka_producer::inside::listen() {
    const int fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (fd < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
    wake.assign(fd);
    queue.reset(rd_kafka_queue_get_main(client.get()));
    const std::uint64_t one = 1;
    rd_kafka_queue_io_event_enable(queue.get(), fd, &one, sizeof one);
    await_wake();
    drain();  // what came before the wake-up was armed would never cause one
}

void kafka_producer::inside::await_wake() {
    // Reading resets it before the queue is drained: a report that comes while draining then wakes
    // again instead of being forgotten.
    wake.async_read_some(asio::buffer(&wakes, sizeof wakes),
                         [this](const boost::system::error_code& ec, std::size_t) {
                             if (ec) return;  // closed with the producer
                             drain();
                             await_wake();
                         });
}

// The wake-up comes when the queue turns from empty to not empty, so it must be left empty.
void kafka_producer::inside::drain() {
    while (true) {
        const kafka_event event(rd_kafka_queue_poll(queue.get(), 0));
        if (!event) return;
        serve(event.get());
    }
}

void kafka_producer::inside::serve(rd_kafka_event_t* event) {
    switch (rd_kafka_event_type(event)) {
        case RD_KAFKA_EVENT_DR: report(event); return;
        case RD_KAFKA_EVENT_ERROR: complain(event); return;
        default: return;
    }
}

void kafka_producer::inside::report(rd_kafka_event_t* event) const {
    while (const auto* message = rd_kafka_event_message_next(event)) {
        auto* target = static_cast<delivery_target*>(message->_private);
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            target->delivered(errc::ok, {});
        else
            target->delivered(to_errc(message->err), rd_kafka_err2str(message->err));
    }
}

void kafka_producer::inside::complain(rd_kafka_event_t* event) {
    // Everything else is in the log already: librdkafka's own lines come through common_kafka_conf.
    if (rd_kafka_event_error_is_fatal(event) == 0) return;
    if (std::exchange(fatal_told, true)) return;
    std::array<char, 512> reason{};
    rd_kafka_fatal_error(client.get(), reason.data(), reason.size());
    on_fatal(reason.data());
}

kafka_producer::kafka_producer(std::unique_ptr<inside> made) : inside_(std::move(made)) {}
kafka_producer::~kafka_producer() = default;

result<std::unique_ptr<kafka_producer>> kafka_producer::open(
    asio::io_context& io, const kafka_producer_settings& settings, fatal_handler on_fatal) {
    auto conf = producer_conf(settings);
    if (!conf) return conf.error();
    auto client = conf->make(RD_KAFKA_PRODUCER);
    if (!client) return client.error();
    auto made = std::make_unique<inside>(io, std::move(*client), std::move(on_fatal));
    for (const auto& topic : settings.topics) {
        auto opened = open_topic(made->client.get(), topic, made->turns);
        if (!opened) return opened.error();
        made->topics.push_back(std::move(*opened));
    }
    made->listen();
    return std::unique_ptr<kafka_producer>(new kafka_producer(std::move(made)));
}

message_frame::message_frame(std::size_t topic, std::string_view key,
                             std::span<const header> headers, placement where)
    : topic_(topic), key_(key), headers_(rd_kafka_headers_new(headers.size())), where_(where) {
    for (const auto& [name, value] : headers)
        rd_kafka_header_add(headers_.get(), name, -1, value.data(),
                            static_cast<ssize_t>(value.size()));
}

// The headers go in as a list of ours: those that rd_kafka_produceva makes itself from single
// headers are freed twice by 2.0.2 when the partitioner fails, as it does once the broker has said
// that the topic is gone or forbidden.
errc kafka_producer::send(message_frame& frame, std::string_view payload, delivery_target& target,
                          bool last, const message_frame::header* more) {
    if (!std::exchange(frame.begun_, true)) inside_->turns.begin(frame.where_);
    // librdkafka does not write to a payload that it neither copies nor frees; its C type only
    // lacks the const.
    std::array<rd_kafka_vu_t, 5> parts;
    kafka_headers headers(last ? frame.headers_.release()
                               : rd_kafka_headers_copy(frame.headers_.get()));
    if (more != nullptr)
        rd_kafka_header_add(headers.get(), more->first, -1, more->second.data(),
                            static_cast<ssize_t>(more->second.size()));
    parts[0].vtype = RD_KAFKA_VTYPE_RKT;
    parts[0].u.rkt = inside_->topics[frame.topic_].get();
    parts[1].vtype = RD_KAFKA_VTYPE_KEY;
    parts[1].u.mem = {const_cast<char*>(frame.key_.data()), frame.key_.size()};
    parts[2].vtype = RD_KAFKA_VTYPE_VALUE;
    parts[2].u.mem = {const_cast<char*>(payload.data()), payload.size()};
    parts[3].vtype = RD_KAFKA_VTYPE_OPAQUE;
    parts[3].u.ptr = &target;
    parts[4].vtype = RD_KAFKA_VTYPE_HEADERS;
    parts[4].u.headers = headers.get();
    const kafka_error failed(rd_kafka_produceva(inside_->client.get(), parts.data(), parts.size()));
    if (failed) return to_errc(rd_kafka_error_code(failed.get()));
    static_cast<void>(headers.release());  // the message's now
    return errc::ok;
}

std::size_t kafka_producer::outstanding() const {
    return static_cast<std::size_t>(rd_kafka_outq_len(inside_->client.get()));
}

void kafka_producer::purge() {
    rd_kafka_purge(inside_->client.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
}

rd_kafka_t* kafka_producer::handle() const {
    return inside_->client.get();
}

}  // namespace nd::base

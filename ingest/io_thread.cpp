#include "ingest/io_thread.hpp"

#include "base/log.hpp"
#include "ingest/kafka_sink.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <thread>
#include <utility>

namespace nd::ingest {

namespace asio = boost::asio;
using clock_type = std::chrono::steady_clock;

namespace {

using executor = asio::io_context::executor_type;
using timer = asio::basic_waitable_timer<clock_type, asio::wait_traits<clock_type>, executor>;

constexpr std::chrono::milliseconds sweep_every{200};
constexpr std::chrono::milliseconds look_every{10};
constexpr std::chrono::seconds grace_after_cut{5};  // for what cut() and purge() set in motion

}  // namespace

// In order of dependence; the coroutines that live in `io` are over before anything here goes (join
// says whether).
struct io_thread::inside {
    asio::io_context io{1};
    asio::executor_work_guard<executor> work{io.get_executor()};
    std::unique_ptr<base::kafka_producer> producer;
    std::unique_ptr<listener> entrance;
    key_resolver keys;
    std::unique_ptr<kafka_sink> sink;
    std::unique_ptr<edge> tools;
    timer sweeper{io.get_executor()};
    timer drainer{io.get_executor()};
    clock_type::time_point deadline{};
    bool cut = false;
    bool clean = false;  // read after the join
    std::thread runner;

    explicit inside(const shared_parts& shared) : keys(shared.keys, shared.inbox, shared.pepper) {}

    void sweep();
    void look_whether_done();
    void finish(bool nothing_left);
};

void io_thread::inside::sweep() {
    sweeper.expires_after(sweep_every);
    sweeper.async_wait([this](const boost::system::error_code& ec) {
        if (ec) return;
        tools->connections.sweep(clock_type::now());
        sweep();
    });
}

// Records of clients that hung up count too: they were promised to nobody, but they are ours to
// deliver.
void io_thread::inside::look_whether_done() {
    if (tools->connections.size() == 0 && producer->outstanding() == 0) return finish(true);
    const auto now = clock_type::now();
    if (now >= deadline && !std::exchange(cut, true)) {
        base::log::warning(
            "drain took too long: cutting",
            {{"connections", tools->connections.size()}, {"records", producer->outstanding()}});
        tools->connections.cut();
        producer->purge();
    }
    if (now >= deadline + grace_after_cut) return finish(false);
    drainer.expires_after(look_every);
    drainer.async_wait([this](const boost::system::error_code& ec) {
        if (!ec) look_whether_done();
    });
}

void io_thread::inside::finish(bool nothing_left) {
    clean = nothing_left;
    work.reset();
    io.stop();
}

io_thread::io_thread(std::unique_ptr<inside> made) : inside_(std::move(made)) {}
io_thread::~io_thread() = default;

base::result<std::unique_ptr<io_thread>> io_thread::make(
    const shared_parts& shared, const base::kafka_producer_settings& producer,
    const base::host_port& address, tls_context tls, base::kafka_producer::fatal_handler on_fatal) {
    auto made = std::make_unique<inside>(shared);
    auto entrance = listener::bind(made->io, address, std::move(tls));
    if (!entrance) return entrance.error();
    made->entrance = std::move(*entrance);
    auto opened = base::kafka_producer::open(made->io, producer, std::move(on_fatal));
    if (!opened) return opened.error();
    made->producer = std::move(*opened);
    made->sink = std::make_unique<kafka_sink>(*made->producer, shared.kafka, shared.queue);
    made->tools.reset(new edge{made->keys, shared.limits, *made->sink, shared.budget,
                               shared.metrics, shared.desk, shared.published, shared.shown,
                               schema::receipt_keys(shared.receipt_secrets),
                               schema::session_hasher(shared.pepper), shared.times});
    return std::unique_ptr<io_thread>(new io_thread(std::move(made)));
}

void io_thread::start() {
    auto* own = inside_.get();
    own->entrance->accept_for(*own->tools);
    own->sweep();
    own->runner = std::thread([own] { own->io.run(); });
}

void io_thread::use(tls_context tls) {
    auto* own = inside_.get();
    asio::post(own->io, [own, with = std::move(tls)] { own->entrance->use(with); });
}

void io_thread::drain_until(clock_type::time_point deadline) {
    auto* own = inside_.get();
    asio::post(own->io, [own, deadline] {
        own->deadline = deadline;
        own->entrance->close();
        own->tools->connections.drain();
        // Once more round the loop first: the listener takes what the kernel has queued for it.
        asio::post(own->io, [own] { own->look_whether_done(); });
    });
}

bool io_thread::join() {
    inside_->runner.join();
    return inside_->clean;
}

std::uint16_t io_thread::port() const {
    return inside_->entrance->port();
}
base::kafka_producer& io_thread::producer() const {
    return *inside_->producer;
}

}  // namespace nd::ingest

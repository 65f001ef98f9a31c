#include "bench/forked_server.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <filesystem>
#include <iterator>
#include <stdexcept>

namespace nd::bench {
namespace asio = boost::asio;

namespace {

using acceptor_type = asio::basic_socket_acceptor<asio::ip::tcp, forked_server::executor>;
constexpr auto use_task = asio::use_awaitable_t<forked_server::executor>();

void end_on(const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
}

base::task<> accept_all(acceptor_type& acceptor, const forked_server::service& serve) {
    for (;;) {
        auto socket = co_await acceptor.async_accept(use_task);
        socket.set_option(asio::ip::tcp::no_delay(true));
        asio::co_spawn(acceptor.get_executor(), serve(std::move(socket)), end_on);
    }
}

bool has_threads() {
    const std::filesystem::directory_iterator tasks("/proc/self/task");
    return std::distance(begin(tasks), end(tasks)) > 1;
}

}  // namespace

forked_server::forked_server(const std::function<service(asio::io_context&)>& make) {
    if (has_threads())
        throw std::runtime_error(
            "a process with threads cannot fork a server: make it before them");
    asio::io_context io(1);
    acceptor_type acceptor(io, {asio::ip::make_address("127.0.0.1"), 0});
    port_ = acceptor.local_endpoint().port();
    io.notify_fork(asio::execution_context::fork_prepare);
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("fork failed");
    if (pid_ > 0) {
        io.notify_fork(asio::execution_context::fork_parent);
        return;
    }
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    io.notify_fork(asio::execution_context::fork_child);
    const auto serve = make(io);
    asio::co_spawn(io, accept_all(acceptor, serve), end_on);
    io.run();
    ::_exit(1);
}

forked_server::~forked_server() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

}  // namespace nd::bench

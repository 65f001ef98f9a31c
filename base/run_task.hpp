// Runs one task to its end on an io_context that nobody else runs, and returns what it returned:
// for programs and tests that do one thing after the other.
#pragma once

#include "base/task.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace nd::base {

// What the task throws is thrown here.
template <class T>
T run_task(boost::asio::io_context& io, task<T> what) {
    std::optional<T> made;
    std::exception_ptr thrown;
    boost::asio::co_spawn(io.get_executor(), std::move(what), [&](std::exception_ptr e, T value) {
        thrown = std::move(e);
        made.emplace(std::move(value));
    });
    io.restart();
    while (!made && io.run_one() > 0) {
    }
    if (thrown) std::rethrow_exception(thrown);
    return std::move(*made);
}

}  // namespace nd::base

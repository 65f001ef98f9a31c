// task<T>: a coroutine on one thread's io_context. Everything asynchronous returns one; nothing
// else is needed to read the code.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace nd::base {

// Bound to the concrete executor: cheaper to compile and to dispatch than any_io_executor.
template <class T = void>
using task = boost::asio::awaitable<T, boost::asio::io_context::executor_type>;

}  // namespace nd::base

// Accepts connections on one io thread. Each thread has a listener of its own on the same address
// (SO_REUSEPORT), so a connection never changes threads.
#pragma once

#include "base/config.hpp"
#include "base/result.hpp"
#include "ingest/edge.hpp"
#include "ingest/tls.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <memory>

namespace nd::ingest {

class listener {
  public:
    // Binds at once, so that a refused address is known before anything starts. errc::unavailable
    // with the reason. A null `tls` means plain HTTP.
    [[nodiscard]] static base::result<std::unique_ptr<listener>> bind(
        boost::asio::io_context& io, const base::host_port& address, tls_context tls);
    ~listener();

    void accept_for(edge& at);
    // For connections from now on.
    void use(tls_context tls);
    // Takes what is already in the kernel's queue (a reset would lose those requests) and no more.
    void close();
    [[nodiscard]] std::uint16_t port() const;

  private:
    struct inside;
    explicit listener(std::shared_ptr<inside> made);
    std::shared_ptr<inside> inside_;
};

// errc::unavailable when somebody listens there already: SO_REUSEPORT alone would silently share
// the port with them.
[[nodiscard]] base::result<> address_is_free(const base::host_port& address);

}  // namespace nd::ingest

// A client's socket, byte by byte, in the clear or through TLS: what the contract tests need and a
// proper HTTP client forbids. Blocking, with a deadline on every read; answers are parsed just
// enough to be looked at.
#pragma once

#include "tests/support/http_client.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace nd::tests {

// Whether a handshake succeeds with a client that offers this version only, and no other demands.
enum class tls_version { v1_1, v1_2, v1_3 };
[[nodiscard]] bool takes_tls(std::uint16_t port, tls_version only);

class raw_client {
  public:
    explicit raw_client(std::uint16_t port, bool tls = false);
    ~raw_client();
    raw_client(raw_client&&) noexcept;

    // False when the other side has closed already.
    bool send(std::string_view bytes);
    void stop_sending();  // half-closes

    // One answer, 1xx included. status 0: the connection ended or nothing came in time; `body` has
    // what came.
    http_answer read_answer(bool to_head = false,
                            std::chrono::milliseconds longest = std::chrono::seconds(20));
    // The other side has ended the connection, in order: not reset.
    [[nodiscard]] bool ends_in_order(std::chrono::milliseconds longest = std::chrono::seconds(20));
    // The certificate's common name (TLS).
    [[nodiscard]] std::string peer_name() const;

  private:
    friend bool takes_tls(std::uint16_t port, tls_version only);
    struct inside;
    std::unique_ptr<inside> inside_;
};

}  // namespace nd::tests

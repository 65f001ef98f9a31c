// stub_api behind HTTP or TLS, on a thread and an io_context of its own, on a loopback port. A
// program (nd-openai-stub) and part of tests.
#pragma once

#include "tests/openai/stub_api.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace nd::tests {

struct stub_server_settings {
    stub_api_settings api;
    std::uint16_t port = 0;   // 0: a free one
    std::string certificate;  // PEM files; empty: in the clear
    std::string key;
};

class stub_server {
  public:
    // Throws std::runtime_error when the port cannot be had or a file is wrong.
    explicit stub_server(const stub_server_settings& with);
    ~stub_server();

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::string url() const;  // of the API: .../v1

  private:
    struct inside;
    std::unique_ptr<inside> inside_;
};

}  // namespace nd::tests

// HMAC-SHA256 under one secret, as keys are stored (design: HMAC(pepper, key)). Called for each
// request and by ndctl. One object per thread: it reuses its hash states and allocates nothing per
// call.
#pragma once

#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace nd::base {

using sha256_digest = std::array<std::uint8_t, 32>;

class hmac_sha256 {
  public:
    explicit hmac_sha256(std::string_view secret);
    ~hmac_sha256();
    hmac_sha256(hmac_sha256&&) noexcept;
    hmac_sha256& operator=(hmac_sha256&&) noexcept;

    [[nodiscard]] sha256_digest operator()(std::string_view message);

  private:
    struct states;
    std::unique_ptr<states> states_;
};

[[nodiscard]] sha256_digest sha256(std::string_view message);
[[nodiscard]] std::string to_hex(const sha256_digest& digest);

// The pepper: a file of at least 32 bytes that nobody but its owner (and group) may read; one
// trailing newline is dropped. errc::invalid says what to do.
[[nodiscard]] result<std::string> read_secret_file(const std::string& path);

}  // namespace nd::base

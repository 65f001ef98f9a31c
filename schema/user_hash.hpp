// A person as tombstones and receipts keep them: HMAC of tenant and user id under a key derived
// from the pepper, so that neither says who it is, nor that two tenants have the same person. Used
// by the writer and by `ndctl erase`, one object per thread.
#pragma once

#include "base/hmac.hpp"
#include "schema/ids.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace nd::schema {

class user_hasher {
  public:
    using key_id = std::array<std::uint8_t, 8>;

    explicit user_hasher(std::string_view pepper);
    [[nodiscard]] base::sha256_digest operator()(const tenant_id& tenant, std::string_view user);
    // Says whether two hashers agree, without saying the key: hashes of different ones never match.
    [[nodiscard]] const key_id& id() const { return id_; }

  private:
    base::hmac_sha256 hmac_;
    key_id id_{};
    std::string message_;
};

}  // namespace nd::schema

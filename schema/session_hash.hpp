// A session as page structures keep it: HMAC of tenant and session id under a key derived from the
// pepper, so that sessions can be counted and nobody can say which they were. The id itself goes no
// further than the hasher. Used by the edge, one hasher per thread.
#pragma once

#include "base/hmac.hpp"
#include "schema/ids.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nd::schema {

// 64 hexadecimal digits, or nothing when the page named no session.
class session_hash {
  public:
    session_hash() = default;
    // As it stands in a record: exactly what the hasher made.
    [[nodiscard]] static std::optional<session_hash> parse(std::string_view hex);

    [[nodiscard]] const std::string& hex() const noexcept { return hex_; }
    // The first half: enough to tell twenty of them apart, which is how nd.page_texts has it.
    [[nodiscard]] std::string_view half() const noexcept {
        return std::string_view(hex_).substr(0, 32);
    }
    friend bool operator==(const session_hash&, const session_hash&) = default;

  private:
    friend class session_hasher;
    explicit session_hash(std::string hex) : hex_(std::move(hex)) {}

    std::string hex_;
};

class session_hasher {
  public:
    explicit session_hasher(std::string_view pepper);
    [[nodiscard]] session_hash operator()(const tenant_id& tenant, std::string_view session_id);

  private:
    base::hmac_sha256 hmac_;
    std::string message_;
};

}  // namespace nd::schema

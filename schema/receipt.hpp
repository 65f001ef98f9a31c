// The signed answer to ?receipt=1: which request of which tenant, how many events were accepted,
// until when it can be asked about. Made by the edge, opened by the edge and by
// `ndctl receipt verify`. Opaque to its holder: base64url behind "ndr_". Pure but for the files'
// reading; one object per thread.
#pragma once

#include "base/hmac.hpp"
#include "schema/ids.hpp"
#include "schema/instant.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nd::schema {

// Beyond Kafka's retention; `ndctl receipt prune` removes what is older than 100 days.
inline constexpr std::int64_t receipt_days = 90;
inline constexpr std::size_t receipt_length = 120;  // of the token, whole

struct receipt {
    tenant_id tenant;
    uuid request;
    std::uint16_t accepted = 0;
    instant issued_at;  // whole seconds
    instant expires_at;

    friend bool operator==(const receipt&, const receipt&) = default;
};

// A request's receipt, made now.
[[nodiscard]] receipt make_receipt(const tenant_id& tenant, const uuid& request,
                                   std::size_t accepted, instant now);

// The secrets of receipts. The first signs; all of them open, so that a rotation puts the new one
// before the old one and keeps the old one for as long as its receipts live.
class receipt_keys {
  public:
    // At least one secret.
    explicit receipt_keys(const std::vector<std::string>& secrets);

    [[nodiscard]] std::string sign(const receipt& what);
    // nullopt: it is not a receipt that one of these keys signed. Expiry is the caller's question.
    [[nodiscard]] std::optional<receipt> open(std::string_view token);
    // Which key signs, and which ones open: eight hexadecimal digits each, for people.
    [[nodiscard]] std::vector<std::string> ids() const;

  private:
    using key_id = std::array<std::uint8_t, 4>;
    struct key {
        key_id id;
        base::hmac_sha256 hmac;
    };
    std::vector<key> keys_;
};

// The secrets that `files` names (paths with commas between them), and last one that is derived
// from the pepper: without files it is the one that signs. errc::invalid says what to do about a
// file.
[[nodiscard]] base::result<std::vector<std::string>> receipt_secrets(std::string_view files,
                                                                     std::string_view pepper);

}  // namespace nd::schema

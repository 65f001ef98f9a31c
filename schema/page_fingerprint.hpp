// What makes two loads of a page the same structure: SHA-256 over a tenant and its redacted page,
// without refs, states, times and sessions, and with each run of three or more digits as `#`. The
// order is the document's, whatever order the elements were sent in. Nobody can tell from one what
// another tenant has. Pure; called by the edge and the enricher.
#pragma once

#include "base/hmac.hpp"
#include "schema/byte_writer.hpp"
#include "schema/ids.hpp"
#include "schema/page.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nd::schema {

struct page_fingerprint {
    base::sha256_digest bytes{};
    friend bool operator==(const page_fingerprint&, const page_fingerprint&) = default;
};

[[nodiscard]] page_fingerprint fingerprint_of(const tenant_id& tenant, const safe_page& page);

// 64 hexadecimal digits, in lower case; parsed in any.
[[nodiscard]] std::string to_string(const page_fingerprint& fingerprint);
[[nodiscard]] std::optional<page_fingerprint> parse_page_fingerprint(std::string_view hex) noexcept;

// The bytes that a structure is hashed over, text by text; model_page has the same over less.
class structure_text {
  public:
    structure_text(std::string_view purpose, const tenant_id& tenant, std::size_t expected = 256);
    void add(std::string_view text);  // with `#` for digits
    void add_exactly(std::string_view text);
    void add(std::uint32_t number);
    [[nodiscard]] page_fingerprint hash() const;

  private:
    void add_with_numbers(std::string_view text);

    byte_writer bytes_;
};

}  // namespace nd::schema

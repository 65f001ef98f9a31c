// The texts of a page, each once, with the keys under which their sessions are counted, and the
// page as the model may see it. Used where pages are taken in and where they are asked about. Pure.
#pragma once

#include "base/pg_array.hpp"
#include "schema/model_page.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

namespace nd::workers {

class page_view {
  public:
    // Views into the page, which must outlive it.
    page_view(const schema::tenant_id& tenant, const schema::safe_page& page);

    [[nodiscard]] const base::pg::bytea_array& keys() const noexcept { return keys_; }
    // `seen`: 1 for each key whose text enough sessions have met. nullopt: not even the page's
    // route may be shown, so that there is nothing to ask about.
    [[nodiscard]] std::optional<schema::model_page> visible(
        const std::vector<std::int64_t>& seen) const;

  private:
    using text = std::tuple<schema::page_text::kind, schema::aria_role, std::string_view>;
    const schema::tenant_id& tenant_;
    const schema::safe_page& page_;
    std::map<text, std::size_t> places_;
    base::pg::bytea_array keys_;
};

}  // namespace nd::workers

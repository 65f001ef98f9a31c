// One GET of /v1/schema, as the load sends it: a page, or the tenant's list of them. With an entity
// tag it asks whether anything is new, and 304 is the answer. Pure; the scenario pages makes them
// in its part about reading.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nd::bench {

struct page_read {
    std::string key;
    std::string target;
    std::string etag;  // for If-None-Match; empty: without

    [[nodiscard]] int wanted() const noexcept { return etag.empty() ? 200 : 304; }
};

// Replaces `head` by the whole request.
void write_head(const page_read& what, std::string_view host, std::string& head);

// The targets of the first `most` enriched pages in what GET /v1/schema answered, fewer if there
// are fewer. Throws std::runtime_error when it is no such list.
[[nodiscard]] std::vector<std::string> page_targets(std::string_view list, std::size_t most);

}  // namespace nd::bench

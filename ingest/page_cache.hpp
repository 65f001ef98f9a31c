// What GET /v1/schema answered lately, so that a page that everybody loads asks Postgres once in a
// few seconds: one reader asks, the others are shown what is here until the answer comes. Shared by
// the io threads; bounded in bytes: what was asked for longest ago goes first. What it has may be
// shown for a while longer when Postgres is away.
#pragma once

#include "schema/ids.hpp"

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace nd::ingest {

// An answer's body as it goes out, and what it is known by. An empty body: there is no such page.
struct shown_page {
    std::string body;
    std::string etag;  // with its quotes
};
[[nodiscard]] shown_page make_shown_page(std::string body);

class page_cache {
  public:
    using clock = std::chrono::steady_clock;
    using entry = std::shared_ptr<const shown_page>;
    static constexpr std::chrono::seconds fresh{5};
    static constexpr std::chrono::seconds patience{1};  // with the one who asks; then another does
    static constexpr std::chrono::minutes stale{15};

    explicit page_cache(std::size_t most_bytes = std::size_t{32} << 20) : most_(most_bytes) {}

    struct found {
        entry what;
        bool ask = false;  // Postgres, and put() what it says
    };
    // `page` is a route, "" the list of them. nullopt: not here, or too old for anything: ask.
    [[nodiscard]] std::optional<found> find(const schema::tenant_id& tenant, std::string_view page,
                                            clock::time_point now);
    void put(const schema::tenant_id& tenant, std::string_view page, entry what,
             clock::time_point now);
    [[nodiscard]] std::size_t bytes() const;

  private:
    struct item {
        std::string key;
        entry what;
        clock::time_point at;
        clock::time_point ask_at;  // from then on one reader is told to
    };
    void drop(std::list<item>::iterator which);

    mutable std::mutex lock_;
    std::size_t most_;
    std::size_t bytes_ = 0;
    std::list<item> items_;  // asked for lately first
    std::unordered_map<std::string_view, std::list<item>::iterator> by_key_;
};

}  // namespace nd::ingest

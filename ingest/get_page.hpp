// GET /v1/schema?page=: the newest structure of a page of the tenant's, with what the model said
// about it; GET /v1/schema: its pages. key -> origin and scope -> limit `read` (entry) -> memory
// (page_cache) -> Postgres. 304 for who has the same already. Called by the session; every outcome
// is an answer.
#pragma once

#include "ingest/entry.hpp"
#include "ingest/page_cache.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nd::ingest {

class get_page {
  public:
    // `page`: the parameter as it stands in the target, nullopt for the list.
    get_page(edge& at, const request_head& head, const request_id& id,
             std::optional<std::string_view> page)
        : at_(at),
          head_(head),
          id_(id),
          page_(page),
          entry_(at, head, id_, schema::scope::schema, schema::limit_class::read) {}

    [[nodiscard]] base::task<answer> run();

  private:
    [[nodiscard]] answer show(const page_cache::entry& what, ingest_metrics::page_source from);

    edge& at_;
    const request_head& head_;
    request_id id_;
    std::optional<std::string_view> page_;
    entry entry_;
};

// The route that a parameter means: %-escapes undone, redacted as it was when it was sent. nullopt:
// it is no text.
[[nodiscard]] std::optional<std::string> route_in(std::string_view parameter);
// Whether If-None-Match names this entity tag, or any.
[[nodiscard]] bool names_etag(std::string_view header, std::string_view etag);

}  // namespace nd::ingest

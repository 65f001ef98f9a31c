// HEAD /v1/schema?fp=: whether a structure is known, so that an SDK need not send it: 204 when this
// process published it lately or Postgres has it, else 404. key -> origin and scope -> limit `read`
// (entry) -> memory -> Postgres. Called by the session; every outcome is an answer.
#pragma once

#include "ingest/entry.hpp"

#include <string_view>

namespace nd::ingest {

class head_page {
  public:
    // `fingerprint`: as route found it, 64 hexadecimal digits.
    head_page(edge& at, const request_head& head, const request_id& id,
              std::string_view fingerprint)
        : at_(at),
          id_(id),
          fingerprint_(fingerprint),
          entry_(at, head, id_, schema::scope::schema, schema::limit_class::read) {}

    [[nodiscard]] base::task<answer> run();

  private:
    edge& at_;
    request_id id_;
    std::string_view fingerprint_;
    entry entry_;
};

}  // namespace nd::ingest

// GET /v1/receipts/{token}: how many of a request's events are stored, pending, dead or erased. key
// -> origin and scope -> limit `read` -> the receipt itself -> Postgres. A token that is forged,
// cut or another tenant's gets one and the same 403: nobody learns which. Called by the session;
// every outcome is an answer.
#pragma once

#include "ingest/entry.hpp"

#include <string_view>

namespace nd::ingest {

class get_receipt {
  public:
    get_receipt(edge& at, const request_head& head, const request_id& id, std::string_view token)
        : at_(at),
          id_(id),
          token_(token),
          entry_(at, head, id_, schema::scope::events, schema::limit_class::read) {}

    [[nodiscard]] base::task<answer> run();

  private:
    edge& at_;
    request_id id_;
    std::string_view token_;
    entry entry_;
};

}  // namespace nd::ingest

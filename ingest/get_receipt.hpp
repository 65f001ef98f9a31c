// GET /v1/receipts/{token}: how many of a request's events are stored, pending, dead or erased. key
// -> origin and scope -> limit `read` -> the receipt itself -> Postgres. A token that is forged,
// cut or another tenant's gets one and the same 403: nobody learns which. Called by the session;
// every outcome is an answer.
#pragma once

#include "ingest/edge.hpp"
#include "ingest/reply.hpp"
#include "ingest/request_head.hpp"

#include <string_view>

namespace nd::ingest {

class get_receipt {
  public:
    get_receipt(edge& at, const request_head& head, const request_id& id, std::string_view token)
        : at_(at), head_(head), id_(id), token_(token) {}

    [[nodiscard]] base::task<answer> run();

  private:
    [[nodiscard]] answer refuse(const schema::problem& why) const;

    edge& at_;
    const request_head& head_;
    request_id id_;
    std::string_view token_;
};

}  // namespace nd::ingest

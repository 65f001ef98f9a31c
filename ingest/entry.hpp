// The stations that every operation with a key begins with: key -> origin and scope -> limit. What
// need not wait is done without a coroutine, because its frame costs as much as a station:
//     if (!entry.pass_now()) co_await entry.pass();
//     if (!entry.admitted()) co_return entry.refusal();
// Afterwards every answer goes out through finish() or refuse(). One per request, made by its
// operation.
#pragma once

#include "ingest/edge.hpp"
#include "ingest/gate.hpp"
#include "ingest/reply.hpp"
#include "ingest/request_head.hpp"

#include <optional>

namespace nd::ingest {

class entry {
  public:
    entry(edge& at, const request_head& head, const request_id& id, schema::scope scope,
          schema::limit_class cls)
        : at_(at), head_(head), id_(id), scope_(scope), cls_(cls) {}

    // False: something has to be waited for, pass() goes on.
    [[nodiscard]] bool pass_now();
    [[nodiscard]] base::task<> pass();

    [[nodiscard]] bool admitted() const noexcept { return place_ && place_->admitted; }
    // Of a request that was not admitted.
    [[nodiscard]] answer refusal();
    // Of one that was.
    [[nodiscard]] const key_record& key() const noexcept { return *key_; }
    [[nodiscard]] answer finish(answer made);
    [[nodiscard]] answer refuse(const schema::problem& why);

  private:
    [[nodiscard]] bool take(key_answer key);  // false: refused
    void take(const admission& place);

    edge& at_;
    const request_head& head_;
    const request_id& id_;
    schema::scope scope_;
    schema::limit_class cls_;
    std::optional<key_record> key_;
    std::optional<admission> place_;
    std::optional<schema::problem> refused_;
};

}  // namespace nd::ingest

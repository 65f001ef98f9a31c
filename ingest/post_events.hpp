// POST /v1/events from the key to the answer, each station one function: key -> origin and scope ->
// limit -> body -> unpack -> scan -> publish. A cheaper refusal comes before a dearer step. Called
// by the session; it writes nothing to the client but 100 Continue. Every outcome is an answer,
// there are no errors.
#pragma once

#include "ingest/body_reader.hpp"
#include "ingest/edge.hpp"
#include "ingest/reply.hpp"
#include "ingest/request_head.hpp"

namespace nd::ingest {

class post_events {
  public:
    post_events(edge& at, const request_head& head, body_reader& body, const request_id& id,
                bool validate_only)
        : at_(at), head_(head), reader_(body), id_(id), validate_only_(validate_only) {}

    [[nodiscard]] base::task<answer> run();

  private:
    using problem_code = schema::problem_code;
    template <class T>
    using outcome = boost::system::result<T, schema::problem>;

    [[nodiscard]] base::task<key_answer> known_key();
    [[nodiscard]] std::optional<schema::problem> may_use(const key_record& key) const;
    [[nodiscard]] base::task<answer> admitted(key_record key);
    [[nodiscard]] std::optional<schema::problem> wanted_body();
    [[nodiscard]] base::task<std::optional<schema::problem>> read_body(body_buffer& into);
    [[nodiscard]] std::optional<schema::problem> unpack_body(body_buffer& body);
    [[nodiscard]] base::task<answer> judge_and_publish(key_record key, body_buffer body);
    [[nodiscard]] base::task<answer> publish(publication_ptr request,
                                             schema::batch_verdict verdict);
    [[nodiscard]] answer refuse(const schema::problem& why) const;

    edge& at_;
    const request_head& head_;
    body_reader& reader_;
    request_id id_;
    bool validate_only_;
    coding coding_ = coding::identity;
};

}  // namespace nd::ingest

// POST /v1/events from the key to the answer: key -> origin and scope -> limit (entry) -> body ->
// unpack (request_body) -> scan -> publish. A cheaper refusal comes before a dearer step. Called by
// the session; it writes nothing to the client but 100 Continue. Every outcome is an answer, there
// are no errors.
#pragma once

#include "ingest/entry.hpp"
#include "ingest/request_body.hpp"
#include "ingest/route.hpp"

namespace nd::ingest {

class post_events {
  public:
    post_events(edge& at, const request_head& head, body_reader& body, const request_id& id,
                const route& asked);

    // The only coroutine on the way of a request that waits for nothing but Kafka: each frame costs
    // as much as a station.
    [[nodiscard]] base::task<answer> run();

  private:
    [[nodiscard]] answer judge_and_hand_over();
    [[nodiscard]] answer hand_over(const schema::batch_verdict& verdict);
    [[nodiscard]] std::string receipt_of(const publication& request);  // empty: not asked for
    [[nodiscard]] answer delivered(answer good);
    [[nodiscard]] answer refuse(const schema::problem& why) const;

    edge& at_;
    request_id id_;
    const route& asked_;
    entry entry_;
    request_body body_;
    publication_ptr request_;  // once there is something for Kafka
    std::size_t accepted_ = 0;
    std::chrono::steady_clock::time_point handed_over_{};
};

}  // namespace nd::ingest

// POST /v1/schema from the key to the answer: key -> origin and scope -> limit (entry) -> body ->
// unpack (request_body) -> scan -> redact -> publish. What the client sent is forgotten once it is
// redacted: only the rebuilt page goes on. Called by the session; every outcome is an answer.
#pragma once

#include "ingest/entry.hpp"
#include "ingest/request_body.hpp"
#include "schema/page.hpp"
#include "schema/page_fingerprint.hpp"

#include <chrono>

namespace nd::ingest {

class post_page {
  public:
    post_page(edge& at, const request_head& head, body_reader& body, const request_id& id);

    [[nodiscard]] base::task<answer> run();

  private:
    [[nodiscard]] answer judge_and_hand_over();
    [[nodiscard]] boost::system::result<schema::safe_page, schema::problem> redacted_page();
    [[nodiscard]] answer hand_over(const schema::safe_page& page);
    [[nodiscard]] answer delivered();
    [[nodiscard]] answer accepted(std::string_view status);
    [[nodiscard]] answer refuse(const schema::problem& why) const;

    edge& at_;
    request_id id_;
    entry entry_;
    request_body body_;
    schema::page_fingerprint fingerprint_;
    schema::session_hash session_;
    publication_ptr request_;  // once there is something for Kafka
    std::chrono::steady_clock::time_point handed_over_{};
};

}  // namespace nd::ingest

#include "ingest/verdict_reply.hpp"

#include "base/append.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <span>

namespace nd::ingest {
namespace {

constexpr std::size_t usual_reply = 96;  // {"request_id":"..","accepted":50,"rejected":[]}

boost::json::array rejections(std::span<const schema::rejection> all) {
    boost::json::array list;
    list.reserve(all.size());
    for (const auto& one : all) {
        boost::json::object item;
        item["index"] = one.index;
        if (one.event_id.empty())
            item["event_id"] = nullptr;
        else
            item["event_id"] = one.event_id;
        item["code"] = schema::to_string(one.code);
        item["detail"] = one.detail;
        list.emplace_back(std::move(item));
    }
    return list;
}

answer none_accepted(std::span<const schema::rejection> rejected, const request_id& id) {
    const auto code = schema::problem_code::no_event_accepted;
    const auto& kind = schema::kind_of(code);
    boost::json::object body;
    body["type"] = schema::type_uri(code);
    body["title"] = kind.title;
    body["status"] = kind.status;
    body["detail"] = "every event was refused: `rejected` says why for each";
    body["code"] = kind.code;
    body["request_id"] = id.view();
    body["accepted"] = 0;
    body["rejected"] = rejections(rejected);
    answer made;
    made.status = kind.status;
    made.content_type = "application/problem+json";
    made.body = boost::json::serialize(body);
    return made;
}

}  // namespace

answer verdict_reply(const schema::batch_verdict& verdict, bool validate_only, const request_id& id,
                     std::string_view receipt) {
    if (verdict.accepted.empty()) return none_accepted(verdict.rejected, id);
    answer made;
    made.status = validate_only ? 200 : 202;
    made.content_type = "application/json";
    // The usual answer has no text of the client's in it: a fixed form is enough.
    if (verdict.rejected.empty() && receipt.empty()) {
        made.body.reserve(usual_reply);
        base::append(made.body, R"({"request_id":")", id.view(), R"(","accepted":)",
                     verdict.accepted.size(), R"(,"rejected":[]})");
        return made;
    }
    boost::json::object body;
    body["request_id"] = id.view();
    body["accepted"] = verdict.accepted.size();
    body["rejected"] = rejections(verdict.rejected);
    if (!receipt.empty()) body["receipt"] = receipt;
    made.body = boost::json::serialize(body);
    return made;
}

}  // namespace nd::ingest

#include "tests/e2e/counted_request.hpp"

#include <fmt/format.h>
#include <boost/json/parse.hpp>

#include <stdexcept>
#include <thread>

namespace nd::tests {

counted_request send_counted(http_client& client, const tenant_key& as, int count,
                             const std::string& user, const std::string& first_name) {
    std::string body = R"({"events":[)";
    for (int i = 0; i < count; ++i) {
        body += fmt::format(R"({}{{"event_id":"{}","name":"{}","occurred_at":"{}"{}}})",
                            i == 0 ? "" : ",", fresh_uuid(), i == 0 ? first_name : "clicked",
                            now_text(), user.empty() ? "" : ",\"user_id\":\"" + user + "\"");
    }
    const auto answer = client.post("/v1/events?receipt=1", body + "]}",
                                    {{"X-ND-Key", as.key}, {"Content-Type", "application/json"}});
    if (answer.status != 202) throw std::runtime_error("not accepted: " + answer.body);
    const auto said = boost::json::parse(answer.body);
    return {as, std::string(said.at("receipt").as_string()),
            said.at("accepted").to_number<std::int64_t>()};
}

counts look(http_client& client, const counted_request& at) {
    const auto answer = client.get("/v1/receipts/" + at.token, {{"X-ND-Key", at.as.key}});
    if (answer.status != 200) throw std::runtime_error("no receipt: " + answer.body);
    const auto said = boost::json::parse(answer.body);
    const auto number = [&](const char* name) { return said.at(name).to_number<std::int64_t>(); };
    const counts found{number("stored"), number("pending"), number("dead"), number("erased")};
    if (found.stored + found.pending + found.dead + found.erased != at.accepted ||
        number("accepted") != at.accepted)
        throw std::runtime_error("does not add up: " + answer.body);
    return found;
}

// The oldest first and each until it is settled: reading has a limit too.
bool all_settle(const stack& system, const std::vector<counted_request>& requests,
                std::chrono::seconds longest) {
    http_client client(system["ND_URL"]);
    const auto end = std::chrono::steady_clock::now() + longest;
    for (const auto& one : requests) {
        while (look(client, one).pending > 0) {
            if (std::chrono::steady_clock::now() > end) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
        }
    }
    return true;
}

void raise_read_limit(const stack& system, const tenant_key& of) {
    const auto done =
        system.ndctl("limits set --tenant " + of.tenant + " --class read --per-minute 6000");
    if (done.status != 0) throw std::runtime_error("ndctl limits set: " + done.output);
    http_client client(system["ND_URL"]);
    const auto heard = eventually(std::chrono::seconds(5), [&] {
        const auto answer = client.get("/v1/receipts/none", {{"X-ND-Key", of.key}});
        const auto policy = answer.headers.find("ratelimit-policy");
        return policy != answer.headers.end() && policy->second.find("q=6000") != std::string::npos;
    });
    if (!heard) throw std::runtime_error("nd-ingest did not hear of the new limit");
}

}  // namespace nd::tests

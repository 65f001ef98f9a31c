#include "tests/openai/stub_counts.hpp"

#include "base/hmac.hpp"
#include "tests/openai/derived_answer.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace nd::tests {
namespace json = boost::json;

namespace {

using numbers = std::map<std::string, std::int64_t>;

json::object to_object(const numbers& from) {
    json::object made;
    for (const auto& [name, count] : from)
        made[name] = count;
    return made;
}

json::object summary(const numbers& from) {
    std::int64_t total = 0;
    std::int64_t most = 0;
    for (const auto& [name, count] : from) {
        total += count;
        most = std::max(most, count);
    }
    return {{"distinct", from.size()}, {"total", total}, {"most", most}};
}

}  // namespace

void stub_counts::called(const std::string& operation, int status, const std::string& body) {
    ++calls_[operation];
    ++statuses_[operation + " " + std::to_string(status)];
    auto& kept = bodies_[operation];
    kept.push_back(body);
    if (kept.size() > 200) kept.pop_front();
}

void stub_counts::worked_on(const json::object& body, std::int64_t input_tokens,
                            std::int64_t output_tokens) {
    ++worked_;
    input_tokens_ += input_tokens;
    output_tokens_ += output_tokens;
    ++inputs_[base::to_hex(base::sha256(json::serialize(body.at("input"))))];
    for (const auto& page : pages_in(body))
        ++pages_[base::to_hex(base::sha256(page))];
}

json::object stub_counts::to_json() const {
    return {{"calls", to_object(calls_)},     {"statuses", to_object(statuses_)},
            {"worked_on", worked_},           {"inputs", summary(inputs_)},
            {"pages", summary(pages_)},       {"input_tokens", input_tokens_},
            {"output_tokens", output_tokens_}};
}

json::object stub_counts::pages() const {
    return to_object(pages_);
}

json::object stub_counts::bodies() const {
    json::object made;
    for (const auto& [operation, kept] : bodies_)
        made[operation] = json::array(kept.begin(), kept.end());
    return made;
}

}  // namespace nd::tests

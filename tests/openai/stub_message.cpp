#include "tests/openai/stub_message.hpp"

#include <boost/json/serialize.hpp>

namespace nd::tests {
namespace json = boost::json;

json::object stub_error::to_json() const {
    const auto or_null = [](const std::string& text) {
        return text.empty() ? json::value(nullptr) : json::value(text);
    };
    return {{"error",
             {{"message", message},
              {"type", type},
              {"param", or_null(param)},
              {"code", or_null(code)}}}};
}

stub_reply stub_error::to_reply() const {
    auto made = json_reply(to_json());
    made.status = status;
    return made;
}

stub_reply json_reply(const json::object& body) {
    stub_reply made;
    made.headers.emplace_back("Content-Type", "application/json");
    made.body = json::serialize(body);
    return made;
}

}  // namespace nd::tests

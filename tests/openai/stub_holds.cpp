#include "tests/openai/stub_holds.hpp"

namespace nd::tests {
namespace json = boost::json;

std::optional<std::string> stub_holds::order(const json::value& from) {
    constexpr const char* form = "a hold is an object: on, nth, when (before or after); or null";
    if (from.is_null()) {
        *this = {};
        return std::nullopt;
    }
    if (!from.is_object()) return form;
    const auto& members = from.get_object();
    const auto* on = members.if_contains("on");
    const auto* nth = members.if_contains("nth");
    const auto* when = members.if_contains("when");
    if (on == nullptr || !on->is_string() || when == nullptr) return form;
    if (*when != "before" && *when != "after") return form;
    on_ = std::string(on->get_string());
    left_ = nth != nullptr && nth->is_int64() ? static_cast<int>(nth->get_int64()) : 1;
    how_ = *when == "before" ? meets::before : meets::after;
    reached_ = false;
    return std::nullopt;
}

stub_holds::meets stub_holds::next(const std::string& operation) {
    if (on_.empty() || reached_ || operation != on_ || --left_ > 0) return meets::nothing;
    reached_ = true;
    return how_;
}

json::object stub_holds::to_json() const {
    return {{"reached", reached_}};
}

}  // namespace nd::tests

#include "model/batch_input.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

namespace nd::model {

batch_input::added batch_input::add(std::string_view custom_id, std::string_view body) {
    if (ids_.contains(std::string(custom_id))) return added::repeated;
    std::string line = R"({"custom_id":)";
    line += boost::json::serialize(
        boost::json::value(boost::json::string_view(custom_id.data(), custom_id.size())));
    line += R"(,"method":"POST","url":"/v1/responses","body":)";
    line += body;
    line += "}\n";
    if (ids_.size() >= most_.lines || text_.size() + line.size() > most_.bytes) return added::full;
    ids_.emplace(custom_id);
    text_ += line;
    return added::yes;
}

}  // namespace nd::model

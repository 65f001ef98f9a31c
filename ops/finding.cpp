#include "ops/finding.hpp"

#include <fmt/format.h>
#include <boost/json/object.hpp>

#include <iterator>

namespace nd::ops {

boost::json::array to_json(const findings& found) {
    boost::json::array list;
    for (const auto& one : found) {
        list.push_back(boost::json::object{{"code", one.code},
                                           {"subject", one.subject},
                                           {"detail", one.detail},
                                           {"fix", one.fix}});
    }
    return list;
}

std::string to_text(const findings& found) {
    std::string text;
    for (const auto& one : found) {
        text +=
            fmt::format("  {}  {}: {}\n      do: {}\n", one.code, one.subject, one.detail, one.fix);
    }
    return text;
}

void append(findings& to, findings more) {
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace nd::ops

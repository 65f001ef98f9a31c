#include "ops/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace nd::ops {

const setting_name& name_of(std::string settings::*value) {
    const auto found =
        std::find_if(setting_names.begin(), setting_names.end(),
                     [value](const setting_name& name) { return name.value == value; });
    if (found == setting_names.end()) throw std::logic_error("a setting without a name");
    return *found;
}

base::result<> require(const settings& from,
                       std::initializer_list<std::string settings::*> values) {
    std::string problems;
    for (const auto value : values) {
        if (!(from.*value).empty()) continue;
        const auto& name = name_of(value);
        problems +=
            fmt::format("{}{} is not set (or give {}): {}", problems.empty() ? "" : "\n       ",
                        name.env, name.flag, name.help);
    }
    if (problems.empty()) return {};
    return base::failure(base::errc::invalid, problems);
}

}  // namespace nd::ops

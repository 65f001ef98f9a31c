#include "ops/check.hpp"

#include "ops/text_table.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace nd::ops {
namespace {

const char* word_for(const check& one) {
    if (!one.found.empty()) return "WRONG";
    return one.skipped ? "-" : "ok";
}

exit_status status_for(const findings& all) {
    if (all.empty()) return exit_status::fine;
    const bool unreachable =
        std::any_of(all.begin(), all.end(), [](const finding& f) { return f.unreachable; });
    return unreachable ? exit_status::unreachable : exit_status::finding;
}

}  // namespace

report tell_checks(const std::vector<check>& checks) {
    text_table table({"CHECK", "", "SEEN"});
    boost::json::array list;
    findings all;
    for (const auto& one : checks) {
        table.add({one.name, word_for(one), one.detail});
        list.push_back(boost::json::object{{"name", one.name},
                                           {"ok", one.found.empty()},
                                           {"skipped", one.skipped},
                                           {"detail", one.detail}});
        append(all, one.found);
    }
    report said;
    said.status = status_for(all);
    said.data = {{"healthy", all.empty()}, {"checks", list}, {"findings", to_json(all)}};
    said.text = table.text();
    said.text += all.empty()
                     ? "\nNothing to do.\n"
                     : fmt::format("\n{}:\n{}", counted(all.size(), "finding"), to_text(all));
    return said;
}

void drop_repeated(findings& found) {
    std::set<std::pair<std::string, std::string>> seen;
    std::erase_if(found, [&seen](const finding& one) {
        return !seen.emplace(one.code, one.subject + one.detail).second;
    });
}

}  // namespace nd::ops

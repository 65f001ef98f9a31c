#include "ops/migration_plan.hpp"

#include <fmt/format.h>

#include <map>

namespace nd::ops {

std::string problem_of(const migration_step& step) {
    switch (step.state) {
        case migration_state::changed:
            return fmt::format(
                "was changed after it was applied ({}). Put the file back as it was and write a "
                "new "
                "migration with the change.",
                step.applied_at);
        case migration_state::unknown:
            return fmt::format(
                "is in the database (applied {}), but this ndctl does not know it. Use the ndctl "
                "of the newer "
                "release.",
                step.applied_at);
        case migration_state::late:
            return "is new, but a later number is applied already. Give it the next free number.";
        case migration_state::applied:
        case migration_state::pending: break;
    }
    return {};
}

std::string_view to_string(migration_state state) {
    switch (state) {
        case migration_state::applied: return "applied";
        case migration_state::pending: return "pending";
        case migration_state::changed: return "changed";
        case migration_state::unknown: return "unknown";
        case migration_state::late: return "late";
    }
    return "";
}

std::vector<migration_step> compare_migrations(const std::vector<migration_file>& files,
                                               const std::vector<applied_migration>& applied) {
    std::map<int, migration_step> steps;
    for (const auto& row : applied) {
        steps[row.number] = {row.number, row.name, migration_state::unknown, row.applied_at};
    }
    std::map<int, const applied_migration*> by_number;
    for (const auto& row : applied)
        by_number[row.number] = &row;
    const int last = by_number.empty() ? 0 : by_number.rbegin()->first;
    for (const auto& file : files) {
        const auto found = by_number.find(file.number);
        if (found == by_number.end()) {
            const auto state =
                file.number < last ? migration_state::late : migration_state::pending;
            steps[file.number] = {file.number, file.name, state, {}};
            continue;
        }
        const auto& row = *found->second;
        const bool same = row.checksum == file.checksum && row.name == file.name;
        steps[file.number] = {file.number, file.name,
                              same ? migration_state::applied : migration_state::changed,
                              row.applied_at};
    }
    std::vector<migration_step> in_order;
    for (auto& [number, step] : steps)
        in_order.push_back(std::move(step));
    return in_order;
}

base::result<> may_apply(const std::vector<migration_step>& steps) {
    std::string problems;
    for (const auto& step : steps) {
        const auto problem = problem_of(step);
        if (problem.empty()) continue;
        problems += fmt::format("{}{} {}", problems.empty() ? "" : "\n       ", step.name, problem);
    }
    if (problems.empty()) return {};
    return base::failure(base::errc::refused, problems);
}

}  // namespace nd::ops

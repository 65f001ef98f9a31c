// Which numbered files a database still needs, and whether it may have them. Pure: files and rows
// of nd.migrations in, a verdict out. Called by migrate and doctor.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nd::ops {

struct migration_file {
    int number = 0;
    std::string name;  // 001_control
    std::string_view sql;
    std::string checksum;  // SHA-256 of the text, hexadecimal
};

struct applied_migration {
    int number = 0;
    std::string name;
    std::string checksum;
    std::string applied_at;
};

enum class migration_state {
    applied,
    pending,
    changed,  // the file is not what was applied under this number
    unknown,  // the database has it, this ndctl does not: an older program on a newer database
    late,     // pending, but a later number was applied already
};
[[nodiscard]] std::string_view to_string(migration_state state);

struct migration_step {
    int number = 0;
    std::string name;
    migration_state state = migration_state::pending;
    std::string applied_at;
};

// In the order of their numbers, each number once.
[[nodiscard]] std::vector<migration_step> compare_migrations(
    const std::vector<migration_file>& files, const std::vector<applied_migration>& applied);

// What is wrong with a step and what to do, without its name; empty for applied and pending ones.
[[nodiscard]] std::string problem_of(const migration_step& step);

// Error refused, saying what to do, when anything is changed, unknown or late: then nothing is
// applied.
[[nodiscard]] base::result<> may_apply(const std::vector<migration_step>& steps);

}  // namespace nd::ops

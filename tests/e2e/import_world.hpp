// What the e2e tests of ndctl import share: a tenant, a folder, and lines that are events.
#pragma once

#include "tests/e2e/ndctl_answer.hpp"
#include "tests/e2e/system.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

namespace nd::tests {

struct import_world {
    stack& system = the_system();
    tenant_key tenant = make_tenants(system, 1).front();
    std::filesystem::path folder =
        std::filesystem::path(system.run_dir()) / ("import-" + fresh_uuid());

    import_world() { std::filesystem::create_directories(folder); }
    ~import_world() {
        std::error_code none;
        std::filesystem::remove_all(folder, none);
    }
    import_world(const import_world&) = delete;
    import_world& operator=(const import_world&) = delete;

    [[nodiscard]] std::string path(const std::string& name) const { return folder / name; }
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(path(name)) << text;
        return path(name);
    }
    [[nodiscard]] answer import(const std::string& arguments) const {
        return ndctl(system, "import " + arguments + " --tenant " + tenant.tenant);
    }
    [[nodiscard]] std::size_t rows() const { return visible_ids(system, tenant.tenant).size(); }
    [[nodiscard]] bool has_rows(std::size_t wanted) const {
        return eventually(std::chrono::seconds(60), [&] { return rows() == wanted; });
    }
    void refused(const std::string& arguments, int status, const std::string& says) const {
        tests::refused(system, "import " + arguments + " --tenant " + tenant.tenant, status, says);
    }
};

inline std::string event(const std::string& id, const std::string& more = "") {
    return fmt::format(R"({{"event_id":"{}","name":"clicked","occurred_at":"{}"{}}})", id,
                       now_text(), more);
}

inline std::string events(int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
        text += event(fresh_uuid()) + "\n";
    return text;
}

}  // namespace nd::tests

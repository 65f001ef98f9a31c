#include "sql/isolation.hpp"

#include "sql/queries/isolation_findings.hpp"

namespace nd::sql {

base::result<std::vector<isolation_finding>> check_isolation(base::pg::connection& on) {
    const auto said = on.exec(isolation_findings);
    if (said.has_error()) {
        return said.error();
    }
    std::vector<isolation_finding> findings;
    for (const base::pg::row one : *said) {
        findings.push_back({std::string(one.text("code")), std::string(one.text("object")),
                            std::string(one.text("detail"))});
    }
    return findings;
}

base::result<> refuse_unsafe(base::pg::connection& on) {
    const auto findings = check_isolation(on);
    if (findings.has_error()) {
        return findings.error();
    }
    if (findings->empty()) {
        return {};
    }
    std::string all = "the database role or its tables are unsafe:";
    for (const isolation_finding& one : *findings) {
        all += " " + one.object + " " + one.detail + ";";
    }
    all.pop_back();
    return base::failure(base::errc::refused, std::move(all));
}

}  // namespace nd::sql

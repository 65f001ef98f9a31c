// ndctl doctor: looks at everything that must be right for an event to become a row of its tenant,
// changes nothing (but one record in nd.doctor.v1, to read the broker's clock), and says what to do
// about each finding.
#include "ops/certificate_check.hpp"
#include "ops/check.hpp"
#include "ops/command_line.hpp"
#include "ops/database_check.hpp"
#include "ops/file_check.hpp"
#include "ops/kafka_check.hpp"
#include "ops/model_check.hpp"
#include "ops/role_check.hpp"

#include <iterator>

namespace nd::ops {
namespace {

base::result<report> run_doctor(const settings& from) {
    std::vector<check> checks{check_variables(from), check_pepper(from), check_receipt_keys(from),
                              check_certificate(from, std::chrono::system_clock::now())};
    for (auto&& group : {check_kafka(from), check_postgres(from), check_database(from)}) {
        checks.insert(checks.end(), group.begin(), group.end());
    }
    checks.push_back(check_model(from));
    return tell_checks(checks);
}

}  // namespace

void add_doctor(command_line& line) {
    line.add("doctor",
             "check configuration, Kafka, Postgres, isolation, certificates, clocks and the model",
             run_doctor);
}

}  // namespace nd::ops

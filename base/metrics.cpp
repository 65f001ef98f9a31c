#include "base/metrics.hpp"

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace nd::base {

metrics::metrics() : registry_(std::make_shared<prometheus::Registry>()) {}
metrics::~metrics() = default;

counter& metrics::make_counter(const std::string& name, const std::string& help,
                               const metric_labels& labels) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(*registry_).Add(labels);
}

gauge& metrics::make_gauge(const std::string& name, const std::string& help,
                           const metric_labels& labels) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(*registry_).Add(labels);
}

histogram& metrics::make_histogram(const std::string& name, const std::string& help,
                                   const std::vector<double>& upper_bounds,
                                   const metric_labels& labels) {
    return prometheus::BuildHistogram()
        .Name(name)
        .Help(help)
        .Register(*registry_)
        .Add(labels, upper_bounds);
}

std::string metrics::text() const {
    return prometheus::TextSerializer().Serialize(registry_->Collect());
}

}  // namespace nd::base

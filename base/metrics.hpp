// The process's Prometheus registry. main owns one; each part asks for its counters once, at
// construction, and keeps the references. Nothing is counted per event: parts add a request's or a
// batch's sum.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace prometheus {
class Registry;
}

namespace nd::base {

using counter = prometheus::Counter;
using gauge = prometheus::Gauge;
using histogram = prometheus::Histogram;
using metric_labels = std::map<std::string, std::string>;

class metrics {
  public:
    metrics();
    ~metrics();

    // The same name and labels give the same object. Thread-safe; the references live as long as
    // this.
    counter& make_counter(const std::string& name, const std::string& help,
                          const metric_labels& labels = {});
    gauge& make_gauge(const std::string& name, const std::string& help,
                      const metric_labels& labels = {});
    histogram& make_histogram(const std::string& name, const std::string& help,
                              const std::vector<double>& upper_bounds,
                              const metric_labels& labels = {});

    [[nodiscard]] std::string text() const;  // Prometheus text exposition format 0.0.4

  private:
    std::shared_ptr<prometheus::Registry> registry_;
};

}  // namespace nd::base

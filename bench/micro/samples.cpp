#include "bench/micro/samples.hpp"

#include "bench/recording.hpp"
#include "bench/request_maker.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <zlib.h>

#include <memory>

namespace nd::bench {
namespace {

const std::vector<event_template>& recorded() {
    static const auto events = read_recording(ND_RECORDING).value();
    return events;
}

}  // namespace

std::vector<std::string> recorded_bodies(int events_per_request) {
    request_maker maker(recorded(), encoding::identity, 1);
    const auto each = static_cast<std::size_t>(events_per_request);
    std::vector<std::string> made((recorded().size() + each - 1) / each);
    for (auto& body : made)
        static_cast<void>(maker.make(body, events_per_request, sample_time));
    return made;
}

std::vector<std::string> recorded_values(std::size_t count) {
    request_maker maker(recorded(), encoding::identity, 2);
    std::vector<std::string> made(count);
    for (auto& value : made)
        maker.make_event(value, sample_time);
    return made;
}

// Their parents stand before them, so the first ones are a tree too.
std::vector<std::string> recorded_pages(std::size_t elements) {
    const std::unique_ptr<gzFile_s, decltype(&gzclose)> file(gzopen(ND_RECORDED_PAGES, "rb"),
                                                             &gzclose);
    std::vector<std::string> made;
    std::vector<char> line(1 << 20);
    while (file && gzgets(file.get(), line.data(), static_cast<int>(line.size())) != nullptr) {
        auto page = boost::json::parse(line.data());
        auto& list = page.at("elements").as_array();
        if (list.size() < elements) continue;
        list.resize(elements);
        made.push_back(boost::json::serialize(page));
    }
    return made;
}

schema::tenant_id sample_tenant(std::uint32_t number) {
    schema::tenant_id id;
    // Spread over the bytes, as ids from Postgres are.
    auto word = (number + 1) * 0x9e3779b97f4a7c15;
    for (auto& byte : id.value.bytes) {
        byte = static_cast<std::uint8_t>(word >> 56);
        word = word * 6364136223846793005 + 1442695040888963407;
    }
    return id;
}

void show_events(benchmark::State& state, std::uint64_t per_iteration) {
    using benchmark::Counter;
    state.counters["event"] =
        Counter(static_cast<double>(per_iteration) * static_cast<double>(state.iterations()),
                Counter::kIsRate | Counter::kInvert);
}

}  // namespace nd::bench

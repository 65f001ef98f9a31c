#include "ops/writer_connection.hpp"

#include "ops/database.hpp"
#include "sql/isolation.hpp"
#include "sql/queries/checked_place.hpp"

namespace nd::ops {

base::result<std::string> place_of(base::pg::connection& on) {
    const auto said = on.exec(sql::checked_place);
    if (!said) return said.error();
    return std::string((*said)[0].text("place"));
}

base::result<base::pg::connection> open_writer(const settings& from,
                                               const std::string& checked_place) {
    auto on = open_database(from, &settings::writer_url);
    if (!on) return on;
    if (!checked_place.empty()) {
        const auto place = place_of(*on);
        if (!place) return place.error();
        if (*place == checked_place) return on;
    }
    if (auto safe = sql::refuse_unsafe(*on); !safe) return safe.error();
    return on;
}

}  // namespace nd::ops

#include "base/pg_rows.hpp"

#include "base/parse_number.hpp"
#include "base/pg_array.hpp"

#include <libpq-fe.h>

#include <stdexcept>

namespace nd::base::pg {
namespace {

std::int64_t to_integer(std::string_view text) {
    const auto value = parse_number<std::int64_t>(text);
    if (!value) throw std::logic_error("not an integer: " + std::string(text.substr(0, 40)));
    return *value;
}

}  // namespace

int row::number_of(std::string_view column) const {
    const int columns = PQnfields(from_);
    for (int i = 0; i < columns; ++i) {
        if (column == PQfname(from_, i)) {
            return i;
        }
    }
    throw std::logic_error("the statement has no column " + std::string(column));
}

bool row::is_null(std::string_view column) const {
    return PQgetisnull(from_, index_, number_of(column)) != 0;
}

std::string_view row::text(std::string_view column) const {
    const int number = number_of(column);
    if (PQgetisnull(from_, index_, number) != 0) {
        throw std::logic_error("column " + std::string(column) + " is NULL");
    }
    return {PQgetvalue(from_, index_, number),
            static_cast<std::size_t>(PQgetlength(from_, index_, number))};
}

std::optional<std::string> row::optional_text(std::string_view column) const {
    return is_null(column) ? std::nullopt : std::optional(std::string(text(column)));
}

std::int64_t row::integer(std::string_view column) const {
    return to_integer(text(column));
}

std::optional<std::int64_t> row::optional_integer(std::string_view column) const {
    return is_null(column) ? std::nullopt : std::optional(integer(column));
}

bool row::boolean(std::string_view column) const {
    return text(column) == "t";
}

std::vector<std::uint8_t> row::bytea(std::string_view column) const {
    const std::string_view escaped = text(column);
    std::size_t size = 0;
    const std::unique_ptr<unsigned char, decltype(&PQfreemem)> raw(
        PQunescapeBytea(reinterpret_cast<const unsigned char*>(escaped.data()), &size), &PQfreemem);
    if (!raw) {
        throw std::bad_alloc();
    }
    return {raw.get(), raw.get() + size};
}

std::vector<std::string> row::texts(std::string_view column) const {
    std::vector<std::string> values;
    const auto elements = parse_array(text(column));
    for (const auto& element : elements.value()) {
        values.push_back(element.value());
    }
    return values;
}

std::vector<std::int64_t> row::integers(std::string_view column) const {
    std::vector<std::int64_t> values;
    for (const std::string& element : texts(column)) {
        values.push_back(to_integer(element));
    }
    return values;
}

void rows::clear::operator()(pg_result* owned) const noexcept {
    PQclear(owned);
}

rows::rows(pg_result* owned) : owned_(owned) {}

std::size_t rows::size() const noexcept {
    return static_cast<std::size_t>(PQntuples(owned_.get()));
}

std::uint64_t rows::affected() const {
    const std::string_view said = PQcmdTuples(owned_.get());
    return said.empty() ? 0 : static_cast<std::uint64_t>(to_integer(said));
}

row rows::operator[](std::size_t index) const {
    if (index >= size()) {
        throw std::logic_error("there is no row " + std::to_string(index));
    }
    return {owned_.get(), static_cast<int>(index)};
}

}  // namespace nd::base::pg

// The value of one $n: built from plain C++ values at the call of exec, never by hand. Text is
// copied (libpq wants it terminated); bytes and arrays are referred to and must outlive the call.
// base/pg.cpp reads it.
#pragma once

#include "base/pg_array.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nd::base::pg {

class param {
  public:
    param(std::nullptr_t) {}
    param(std::string_view text) : form_(form::text), text_(text) {}
    param(const std::string& text) : form_(form::text), text_(text) {}
    param(const char* text) : form_(form::text), text_(text) {}
    param(std::same_as<bool> auto value) : form_(form::text), text_(value ? "t" : "f") {}
    template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>) param(T value)
        : form_(form::text), text_(std::to_string(value)) {}
    param(std::span<const std::uint8_t> bytea) : form_(form::binary), bytes_(bytea) {}
    param(const binary_array& array) : form_(form::binary), bytes_(array.bytes()) {}
    template <class T>
    param(const std::optional<T>& value) : param(value ? param(*value) : param(nullptr)) {}

    [[nodiscard]] bool is_binary() const noexcept { return form_ == form::binary; }
    // Text that holds a NUL would be cut short by libpq without a word; exec refuses it instead.
    [[nodiscard]] bool holds_nul() const noexcept {
        return form_ == form::text && text_.find('\0') != std::string::npos;
    }
    [[nodiscard]] const char* data() const noexcept {
        switch (form_) {
            case form::text: return text_.c_str();
            // libpq takes a null pointer for NULL; an empty bytea needs some address.
            case form::binary:
                return bytes_.empty() ? "" : reinterpret_cast<const char*>(bytes_.data());
            case form::null: break;
        }
        return nullptr;
    }
    [[nodiscard]] std::size_t size() const noexcept {
        return is_binary() ? bytes_.size() : text_.size();
    }

  private:
    enum class form { null, text, binary };
    form form_ = form::null;
    std::string text_;
    std::span<const std::uint8_t> bytes_;
};

}  // namespace nd::base::pg

// Events as nobody should send them but somebody will: every form of number, escape, nesting and
// time, and then a few bytes changed at random. From a seed, so that a failure can be repeated.
#pragma once

#include <fmt/format.h>

#include <array>
#include <random>
#include <string>

namespace nd::tests {

class event_maker {
  public:
    explicit event_maker(unsigned seed) : random_(seed) {}

    std::string event() {
        std::string made = fmt::format(R"({{"event_id":"{}","name":{},"occurred_at":"{}")", uuid(),
                                       text(1, 60), time());
        if (one_in(2)) made += R"(,"session_id":)" + nullable();
        if (one_in(2)) made += R"(,"user_id":)" + nullable();
        if (one_in(2)) made += R"(,"page":)" + nullable();
        if (!one_in(4)) made += R"(,"properties":)" + (one_in(10) ? "null" : object(2 + below(31)));
        return made + "}";
    }

    // A few bytes other than they were: most results are refused, some are not.
    std::string mutated(std::string event) {
        static constexpr std::array pieces{
            "\\u0000", "\\ud800", "\\udc00\\ud800", "\xff", "1e999", "-0",
            "tru",     "01",      "\x1e",           "}",    "{",     "\"",
            ",",       "\\",      "\xed\xa0\x80",   "null", "1e400", "\xc0\x80"};
        for (int i = 1 + below(3); i > 0 && !event.empty(); --i) {
            const auto at = static_cast<std::size_t>(below(static_cast<int>(event.size())));
            switch (below(4)) {
                case 0: event[at] = static_cast<char>(below(256)); break;
                case 1: event.erase(at, static_cast<std::size_t>(1 + below(3))); break;
                case 2:
                    event.insert(at, pieces[static_cast<std::size_t>(below(pieces.size()))]);
                    break;
                default: event[at] = static_cast<char>(event[at] ^ (1 << below(8))); break;
            }
        }
        return event;
    }

    int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
    int below(std::size_t n) { return below(static_cast<int>(n)); }
    bool one_in(int n) { return below(n) == 0; }

  private:
    std::string uuid() {
        return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:08x}{:04x}", random_(), below(65536),
                           below(65536), below(65536), random_(), below(65536));
    }

    std::string time() {
        std::string made =
            fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", 2000 + below(101), 1 + below(12),
                        1 + below(one_in(20) ? 31 : 28), below(24), below(60), below(60));
        if (!one_in(4)) {
            made += '.';
            // Ties and near ties are where roundings differ.
            for (int i = 1 + below(9); i > 0; --i)
                made += one_in(3) ? '5' : static_cast<char>('0' + below(10));
        }
        if (one_in(2)) return made + "Z";
        return made + fmt::format("{}{:02}:{:02}", one_in(2) ? '+' : '-', below(16), below(60));
    }

    std::string nullable() { return one_in(6) ? "null" : text(0, 240); }

    std::string text(int least, int most) {
        static constexpr std::array odd{R"(\n)",  R"(\")",        R"(\\)",
                                        R"(\/)",  R"(\u00e9)",    R"(\ud83d\ude00)",
                                        "\u00e9", "\u20ac",       "\xf0\x9f\x98\x80",
                                        R"(\t)",  R"(\u001f)",    R"(\uffff)",
                                        " ",      "\xef\xbf\xbf", R"(\u007f)",
                                        "\x7f",   "\xc2\x80",     R"(\b\f\r)"};
        std::string made = "\"";
        for (int i = least + below(1 + (one_in(10) ? most : 12)); i > 0; --i) {
            made += one_in(4) ? std::string(odd[static_cast<std::size_t>(below(odd.size()))])
                              : std::string(1, static_cast<char>('a' + below(26)));
        }
        return made + "\"";
    }

    std::string number() {
        std::string made = one_in(2) ? "-" : "";
        made += one_in(4) ? "0" : fmt::format("{}", 1 + below(999));
        if (one_in(2)) {
            made += '.';
            for (int i = 1 + below(20); i > 0; --i)
                made += static_cast<char>('0' + below(10));
        }
        if (one_in(2))
            made += fmt::format("{}{}{}", one_in(2) ? 'e' : 'E', one_in(2) ? "-" : "", below(330));
        return made;
    }

    std::string value(int depth) {
        switch (below(depth > 1 ? 7 : 5)) {
            case 0: return number();
            case 1: return text(0, 200);
            case 2: return "true";
            case 3: return "false";
            case 4: return "null";
            case 5: return object(depth - 1);
            default: break;
        }
        std::string made = "[";
        for (int i = below(4); i > 0; --i)
            made += value(depth - 1) + (i > 1 ? "," : "");
        return made + "]";
    }

    // `depth` levels at most. Names repeat: in jsonb the last one wins.
    std::string object(int depth) {
        std::string made = "{";
        for (int i = below(5); i > 0; --i) {
            made += (one_in(3) ? "\"k\"" : text(0, 20)) + (one_in(5) ? " : " : ":") + value(depth);
            if (i > 1) made += one_in(5) ? " ,\n" : ",";
        }
        return made + "}";
    }

    std::mt19937 random_;
};

}  // namespace nd::tests

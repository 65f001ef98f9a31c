#include "ops/line_reader.hpp"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

namespace nd::ops {
namespace {

constexpr std::size_t piece_size = std::size_t{256} << 10;

struct close_file {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
struct free_zstd {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
};

enum class coding { plain, gzip, zstd };

coding coding_of(std::string_view start) {
    if (start.starts_with("\x1f\x8b")) return coding::gzip;
    return start.starts_with("\x28\xb5\x2f\xfd") ? coding::zstd : coding::plain;
}

}  // namespace

// The decompressed bytes, piece by piece.
class line_reader::source {
  public:
    source(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {}
    source(const source&) = delete;
    source& operator=(const source&) = delete;
    ~source() {
        if (gzip_open_) inflateEnd(&gzip_);
    }

    base::result<> start() {
        if (auto read = read_more(); !read) return read.error();
        how_ = coding_of({in_.data(), left_});
        if (how_ == coding::zstd) {
            zstd_.reset(ZSTD_createDStream());
            // What `zstd --long` makes at most without being asked twice: 128 MiB.
            ZSTD_DCtx_setParameter(zstd_.get(), ZSTD_d_windowLogMax, 27);
        }
        if (how_ == coding::gzip) {
            gzip_open_ = inflateInit2(&gzip_, 15 + 16) == Z_OK;
            if (!gzip_open_) return base::failure(base::errc::internal, "zlib does not start");
        }
        return {};
    }

    // Empty: the end.
    base::result<std::string_view> next() {
        switch (how_) {
            case coding::gzip: return inflated([this] { return gunzip(); });
            case coding::zstd: return inflated([this] { return unzstd(); });
            case coding::plain: break;
        }
        if (left_ == 0) {
            if (auto read = read_more(); !read) return read.error();
        }
        const std::string_view piece(in_.data() + at_, left_);
        at_ += left_;
        left_ = 0;
        return piece;
    }

  private:
    base::error damaged(const char* how) const {
        return base::failure(base::errc::data, fmt::format("{}: {}", path_, how));
    }

    base::result<> read_more() {
        at_ = 0;
        left_ = std::fread(in_.data(), 1, in_.size(), file_.get());
        ended_ = left_ == 0;
        if (std::ferror(file_.get()) == 0) return {};
        return base::failure(base::errc::unavailable,
                             fmt::format("{}: {}", path_, std::strerror(errno)));
    }

    template <class Step>
    base::result<std::string_view> inflated(Step step) {
        made_ = 0;
        while (made_ == 0) {
            if (left_ == 0 && !ended_) {
                if (auto read = read_more(); !read) return read.error();
            }
            // zstd may hold finished bytes back after it has taken all of its input.
            if (left_ == 0 && ended_ && !more_inside_) {
                if (between_) return std::string_view();
                return damaged("the compressed data is cut off: it ends before its own end");
            }
            if (auto done = step(); !done) return done.error();
        }
        return std::string_view(out_.data(), made_);
    }

    // Members and frames may follow each other, as `cat a.gz b.gz` makes them.
    base::result<> gunzip() {
        if (between_ && left_ > 0) inflateReset(&gzip_);
        gzip_.next_in = reinterpret_cast<Bytef*>(in_.data() + at_);
        gzip_.avail_in = static_cast<uInt>(left_);
        gzip_.next_out = reinterpret_cast<Bytef*>(out_.data());
        gzip_.avail_out = static_cast<uInt>(out_.size());
        const auto code = inflate(&gzip_, Z_NO_FLUSH);
        if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
            return damaged("the gzip data is damaged");
        at_ += left_ - gzip_.avail_in;
        left_ = gzip_.avail_in;
        made_ = out_.size() - gzip_.avail_out;
        between_ = code == Z_STREAM_END;
        more_inside_ = !between_ && gzip_.avail_out == 0;
        return {};
    }

    base::result<> unzstd() {
        ZSTD_inBuffer in{in_.data() + at_, left_, 0};
        ZSTD_outBuffer out{out_.data(), out_.size(), 0};
        const auto code = ZSTD_decompressStream(zstd_.get(), &out, &in);
        if (ZSTD_isError(code) != 0) return damaged(ZSTD_getErrorName(code));
        at_ += in.pos;
        left_ -= in.pos;
        made_ = out.pos;
        between_ = code == 0;
        more_inside_ = !between_ && out.pos == out.size;
        return {};
    }

    std::string path_;
    std::unique_ptr<std::FILE, close_file> file_;
    coding how_ = coding::plain;
    std::vector<char> in_ = std::vector<char>(piece_size);
    std::vector<char> out_ = std::vector<char>(piece_size);
    std::size_t at_ = 0;    // of in_
    std::size_t left_ = 0;  // of in_, from there
    std::size_t made_ = 0;  // of out_
    bool ended_ = false;
    bool between_ = false;      // a member or frame ended here
    bool more_inside_ = false;  // the decompressor has more to give without new input
    z_stream gzip_{};
    bool gzip_open_ = false;
    std::unique_ptr<ZSTD_DStream, free_zstd> zstd_;
};

line_reader::line_reader(std::unique_ptr<source> from) : from_(std::move(from)) {}
line_reader::~line_reader() = default;
line_reader::line_reader(line_reader&&) noexcept = default;
line_reader& line_reader::operator=(line_reader&&) noexcept = default;

base::result<line_reader> line_reader::open(const std::string& path) {
    auto* file = std::fopen(path.c_str(), "rb");
    if (file == nullptr) {
        return base::failure(base::errc::invalid,
                             fmt::format("{}: {}", path, std::strerror(errno)));
    }
    auto from = std::make_unique<source>(path, file);
    if (auto started = from->start(); !started) return started.error();
    return line_reader(std::move(from));
}

base::result<std::optional<text_line>> line_reader::next() {
    line_.clear();
    std::uint64_t size = 0;
    bool any = false;
    while (true) {
        if (piece_.empty()) {
            const auto more = from_->next();
            if (!more) return more.error();
            piece_ = *more;
            if (piece_.empty()) break;
        }
        any = true;
        const auto end = piece_.find('\n');
        const auto part = piece_.substr(0, end);
        size += part.size();
        const auto room = longest_kept - std::min(longest_kept, line_.size());
        line_ += part.substr(0, room);
        piece_.remove_prefix(end == std::string_view::npos ? part.size() : part.size() + 1);
        if (end != std::string_view::npos) break;
    }
    if (!any) return std::optional<text_line>();
    return std::optional(text_line{++number_, line_, size});
}

}  // namespace nd::ops

#include "rules/catalog_image.h"

#include <array>
#include <cstring>
#include <type_traits>

namespace bouncesight {
namespace {

constexpr std::string_view kMagic = "bouncesight catalogue 3\n";

// Values that are the same bytes wherever they are equal. A view is not: it points elsewhere.
template <typename T>
concept Flat = std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T> &&
    !std::is_same_v<T, std::string_view>;

// Each type's fields are named once, for both directions. The bindings do not compile when a type
// gets a field that is missing here.
template <typename Archive, typename T>
void Visit(Archive& archive, T& value) {
  using Type = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Type, CodeRange>) {
    auto& [first, last] = value;
    archive(first, last);
  } else if constexpr (std::is_same_v<Type, EnhancedPattern>) {
    auto& [status_class, subject, detail] = value;
    archive(status_class, subject, detail);
  } else if constexpr (std::is_same_v<Type, When>) {
    auto& [codes, enhanced, phases, providers, origin] = value;
    archive(codes, enhanced, phases, providers, origin);
  } else if constexpr (std::is_same_v<Type, AdviceText>) {
    auto& [why, steps] = value;
    archive(why, steps);
  } else if constexpr (std::is_same_v<Type, Advice> || std::is_same_v<Type, AdviceOverride>) {
    auto& [retry, act, en, zh] = value;
    archive(retry, act, en, zh);
  } else if constexpr (std::is_same_v<Type, Rule>) {
    auto& [id, cause, rank, provider, common, match, link, when, weight, blocklist, advice,
           examples, counter_examples, source, file, line] = value;
    archive(id, cause, rank, provider, common, match, link, when, weight, blocklist, advice,
            examples, counter_examples, source, file, line);
  } else if constexpr (std::is_same_v<Type, Provider>) {
    auto& [name, hosts, domains, phrases, links, words, line] = value;
    archive(name, hosts, domains, phrases, links, words, line);
  } else if constexpr (std::is_same_v<Type, Blocklist>) {
    auto& [name, kind, of_provider, zones, links, phrases, delist, line] = value;
    archive(name, kind, of_provider, zones, links, phrases, delist, line);
  } else if constexpr (std::is_same_v<Type, PatternRef>) {
    auto& [owner, weight, index] = value;
    archive(owner, weight, index);
  } else if constexpr (std::is_same_v<Type, PatternTable>) {
    auto& [phrases, steps, database, own_database, in_database, in_own_database, from_catalog,
           always_ask, refs, expressions] = value;
    phrases.Fields(archive);
    steps.Fields(archive);
    archive(in_database, from_catalog, always_ask, refs);
    expressions.Fields(archive);
  } else {
    auto& [rules, providers, blocklists, names, advice, words, links, fingerprint] = value;
    archive(rules, providers, blocklists, names, advice, words, links, fingerprint);
  }
}

std::size_t RoundUp(std::size_t size, std::size_t alignment) {
  return (size + alignment - 1) / alignment * alignment;
}

class Writer {
 public:
  template <typename... T>
  void operator()(T&... values) {
    (Put(values), ...);
  }
  std::string Take() { return std::move(bytes_); }

 private:
  void Raw(const void* bytes, std::size_t size) {
    bytes_.append(static_cast<const char*>(bytes), size);
  }
  void PutSize(std::size_t size) { Raw(&size, sizeof size); }

  template <Flat T>
  void Put(const T& value) {
    Raw(&value, sizeof value);
  }
  void Put(std::string& text) {
    PutSize(text.size());
    Raw(text.data(), text.size());
  }
  template <typename T>
  void Put(std::optional<T>& value) {
    const bool given = value.has_value();
    Put(given);
    if (given) Put(*value);
  }
  // At a place where they can be looked at as they are.
  template <Flat T>
  void Put(StoredList<T>& list) {
    PutSize(list.size());
    bytes_.resize(RoundUp(bytes_.size(), alignof(T)));
    Raw(list.data(), list.size() * sizeof(T));
  }
  template <typename T>
  void Put(std::vector<T>& values) {
    PutSize(values.size());
    if constexpr (Flat<T>) {
      Raw(values.data(), values.size() * sizeof(T));
    } else {
      for (T& value : values) Put(value);
    }
  }
  template <typename T>
  requires(!Flat<T>) void Put(T& value) { Visit(*this, value); }

  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : all_(bytes), rest_(bytes) {}

  template <typename... T>
  void operator()(T&... values) {
    (Get(values), ...);
  }
  bool good() const { return good_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view Take(std::size_t size) {
    good_ = good_ && size <= rest_.size();
    if (!good_) return {};
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  void Raw(void* to, std::size_t size) {
    const std::string_view bytes = Take(size);
    if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
  }
  // Of items that take so many bytes each at least.
  std::size_t TakeSize(std::size_t item) {
    std::size_t size = 0;
    Raw(&size, sizeof size);
    good_ = good_ && size <= rest_.size() / item;
    return good_ ? size : 0;
  }

  template <Flat T>
  void Get(T& value) {
    Raw(&value, sizeof value);
  }
  void Get(std::string& text) { text = Take(TakeSize(1)); }
  void Get(std::string_view& text) { text = Take(TakeSize(1)); }
  template <typename T>
  void Get(std::optional<T>& value) {
    bool given = false;
    Get(given);
    if (given) Get(value.emplace());
  }
  template <Flat T>
  void Get(StoredList<T>& list) {
    const std::size_t size = TakeSize(sizeof(T));
    const std::size_t at = all_.size() - rest_.size();
    Take(RoundUp(at, alignof(T)) - at);
    const std::string_view bytes = Take(size * sizeof(T));
    const void* const first = bytes.data();
    if (reinterpret_cast<std::uintptr_t>(first) % alignof(T) == 0) {
      list.Borrow({static_cast<const T*>(first), bytes.size() / sizeof(T)});
    } else {
      list.Alter([&](std::vector<T>& items) {
        items.resize(bytes.size() / sizeof(T));
        std::memcpy(items.data(), first, bytes.size());
      });
    }
  }
  template <typename T>
  void Get(std::vector<T>& values) {
    values.resize(TakeSize(Flat<T> ? sizeof(T) : 1));
    if constexpr (Flat<T>) {
      Raw(values.data(), values.size() * sizeof(T));
    } else {
      for (T& value : values) Get(value);
    }
  }
  template <typename T>
  requires(!Flat<T>) void Get(T& value) { Visit(*this, value); }

  std::string_view all_;
  std::string_view rest_;
  bool good_ = true;
};

// Without the databases, which cannot be copied.
PatternTable CopyOf(const PatternTable& table) {
  const auto& [phrases, steps, database, own_database, in_database, in_own_database, from_catalog,
               always_ask, refs, expressions] = table;
  return {phrases, steps, {}, {}, in_database, {}, from_catalog, always_ask, refs, expressions};
}

CatalogImage ImageOf(const RuleSet& set) {
  // Facts, codes and zones are looked up anew when rules are restored; own causes are operators'.
  const auto& [words, links, facts, codes, providers, blocklists, zones, names, extra_causes,
               advice, fingerprint] = set.compiled();
  CatalogImage image;
  image.rules.assign(set.rules().begin(), set.rules().end());
  for (std::size_t i = 1; i <= providers.size(); ++i) {
    image.providers.push_back(providers.at(static_cast<ProviderId>(i)));
  }
  image.blocklists = blocklists;
  image.names = names;
  image.advice = advice;
  image.words = CopyOf(words);
  image.links = CopyOf(links);
  image.fingerprint = fingerprint;
  return image;
}

// Views into the image, so that the databases of other processors, two thirds of it, are never
// fetched from the disk.
using StoredDatabases = std::vector<std::string_view>;

bool RestoreDatabase(PatternTable& table, const StoredDatabases& databases) {
  if (table.in_database.empty()) return true;
  for (const std::string_view one : databases) {
    if (table.database.Restore(one)) return true;
  }
  return !table.database.Compile(table.expressions, table.in_database);
}

}  // namespace

std::string WriteCatalogImage(const RuleSet& rules, bool with_databases) {
  CatalogImage image = ImageOf(rules);
  Writer write;
  write(image);
  if (with_databases) {
    for (PatternTable* table : {&image.words, &image.links}) {
      std::vector<std::string> databases =
          PatternDb::CompilePortable(table->expressions, table->in_database);
      write(databases);
    }
  }
  return std::string(kMagic) + write.Take();
}

std::optional<CatalogImage> ReadCatalogImage(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) return std::nullopt;
  CatalogImage image;
  StoredDatabases for_words;
  StoredDatabases for_links;
  Reader read(bytes.substr(kMagic.size()));
  read(image, for_words, for_links);
  const bool sound = read.good() && read.at_end() && RestoreDatabase(image.words, for_words) &&
                     RestoreDatabase(image.links, for_links);
  if (!sound) return std::nullopt;
  return image;
}

bool IsImageOf(std::string_view image, const RuleSet& rules) {
  return image.starts_with(WriteCatalogImage(rules, false));
}

}  // namespace bouncesight

// The exosome stage in C++: the same rules, the same draws, one thread, structure of arrays.
//
// A yardstick for the compiled driver, frozen: it changes only where the rules or draws do. It is
// checked to give the same bits, so it must be compiled with -ffp-contract=off.

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace {

constexpr int LUMEN = 0, MUCUS = 1, EPITHELIUM = 2, LAMINA_PROPRIA = 3, PLASMA = 4, TISSUE = 5;
constexpr int PLACES = 6;
constexpr int IN_ENTEROCYTE = 6, IN_MACROPHAGE = 7, IN_HEPATOCYTE = 8, IN_MYOCYTE = 9,
              IN_ADIPOCYTE = 10, DEGRADED = 11, EXCRETED = 12;
constexpr int LEAVING = 64, MOST_MOVES = 500, BLOCK = 1024, SHIFT = 16, STEPS = 1 << SHIFT;
constexpr std::uint64_t GOLDEN = 0x9E3779B97F4A7C15u, SITE_DRAW = 1000, BIRTH_DRAW = 1001;

inline std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}
inline std::uint64_t draw(std::uint64_t key, std::uint64_t n) { return mix(key + GOLDEN * (n + 1)); }
inline double uniform(std::uint64_t bits) {
    return (static_cast<double>(bits >> 12) + 0.5) * 2.220446049250313e-16;
}
inline double first_uniform(std::uint64_t bits) {
    return (static_cast<double>(bits >> 32) + 0.5) * 2.3283064365386963e-10;
}
inline double second_uniform(std::uint64_t bits) {
    return (static_cast<double>(bits & 0xFFFFFFFFu) + 0.5) * 2.3283064365386963e-10;
}

// Natural logarithm of a number between 0 and 1, the operations of `exact.log` in their order.
inline double exact_log(double x) {
    // frexp of a normal number, without a call.
    std::uint64_t pattern;
    std::memcpy(&pattern, &x, sizeof x);
    int k = static_cast<int>(pattern >> 52) - 1022;
    pattern = (pattern & 0x000FFFFFFFFFFFFFu) | 0x3FE0000000000000u;
    double m;
    std::memcpy(&m, &pattern, sizeof m);
    if (m < 0.7071067811865476) {
        m = m * 2.0;
        k -= 1;
    }
    const double f = m - 1.0, s = f / (2.0 + f), z = s * s, w = z * z;
    double even = 0.043478260869565216;
    even = 0.05263157894736842 + w * even;
    even = 0.06666666666666667 + w * even;
    even = 0.09090909090909091 + w * even;
    even = 0.14285714285714285 + w * even;
    even = 0.3333333333333333 + w * even;
    double odd = 0.047619047619047616;
    odd = 0.058823529411764705 + w * odd;
    odd = 0.07692307692307693 + w * odd;
    odd = 0.1111111111111111 + w * odd;
    odd = 0.2 + w * odd;
    const double p = even + z * odd;
    const double tail = 2.0 * s * z * p - s * f;
    return k * 6.93147180369123816490e-01 + (f + (tail + k * 1.90821492927058770002e-10));
}

}  // namespace

extern "C" {

// Rates of one row (a segment, or the body) that decide where a packet goes.
struct Row {
    double mucus_return, epithelial_entry, enterocyte_uptake, macrophage_uptake;
    double hepatocyte_uptake, myocyte_uptake, adipocyte_uptake, tissue_entry;
};

struct World {
    std::int64_t count, segments, valve, tick;
    std::int64_t enterocytes, macrophages, hepatocytes, myocytes, adipocytes;
    std::int64_t first_macrophage, first_hepatocyte, first_myocyte, first_adipocyte;
    double hours, fast, slow, pace;
    std::uint64_t motion;
    const std::uint64_t *key;
    std::int8_t *place;
    std::int32_t *position, *site;
    const std::int32_t *born, *dose;
    const double *leaving;
    const std::uint64_t *staying;
    const Row *rows;
};

}  // extern "C"

namespace {

inline std::int64_t row_of(int place, std::int64_t position, std::int64_t segments) {
    return place < PLASMA ? std::min(position >> SHIFT, segments - 1) : segments;
}

inline std::int64_t flow(std::int64_t position, double hours, std::int64_t valve, double fast,
                         double slow, double pace) {
    const std::int64_t room = valve - position;
    if (room <= 0) return position + static_cast<std::int64_t>(slow * hours);
    if (fast * hours < static_cast<double>(room))
        return position + static_cast<std::int64_t>(fast * hours);
    return valve + static_cast<std::int64_t>(slow * (hours - static_cast<double>(room) * pace));
}

inline int destination(const Row &r, int place, double share) {
    switch (place) {
        case LUMEN:
            return MUCUS;
        case MUCUS:
            if (share < r.mucus_return) return LUMEN;
            return share < r.mucus_return + r.epithelial_entry ? EPITHELIUM : LAMINA_PROPRIA;
        case EPITHELIUM:
            return share < r.enterocyte_uptake ? IN_ENTEROCYTE : LAMINA_PROPRIA;
        case LAMINA_PROPRIA:
            return share < r.macrophage_uptake ? IN_MACROPHAGE : PLASMA;
        case TISSUE:
            return PLASMA;
    }
    double upto = r.hepatocyte_uptake;
    if (share < upto) return IN_HEPATOCYTE;
    upto = upto + r.myocyte_uptake;
    if (share < upto) return IN_MYOCYTE;
    upto = upto + r.adipocyte_uptake;
    if (share < upto) return IN_ADIPOCYTE;
    upto = upto + r.tissue_entry;
    return share < upto ? TISSUE : DEGRADED;
}

inline std::int32_t choose_site(const World &w, int place, std::int64_t g, std::uint64_t bits) {
    const auto pick = [bits](std::int64_t n) {
        return static_cast<std::int64_t>(bits % static_cast<std::uint64_t>(n));
    };
    switch (place) {
        case IN_ENTEROCYTE:
            return static_cast<std::int32_t>(g * w.enterocytes + pick(w.enterocytes));
        case IN_MACROPHAGE:
            return static_cast<std::int32_t>(w.first_macrophage + g * w.macrophages +
                                             pick(w.macrophages));
        case IN_HEPATOCYTE:
            return static_cast<std::int32_t>(w.first_hepatocyte + pick(w.hepatocytes));
        case IN_MYOCYTE:
            return static_cast<std::int32_t>(w.first_myocyte + pick(w.myocytes));
    }
    return static_cast<std::int32_t>(w.first_adipocyte + pick(w.adipocytes));
}

bool travel(const World &w, std::int64_t i, double left, std::uint64_t bits) {
    const std::int64_t n = w.segments, end = n * STEPS, valve = w.valve * STEPS;
    int place = w.place[i];
    std::int64_t position = w.position[i];
    std::int64_t row = row_of(place, position, n);
    double u = uniform(bits);
    int moves = 0;
    while (moves < MOST_MOVES) {
        const double rate = w.leaving[row * PLACES + place];
        const double wait = rate > 0.0 ? -exact_log(u) / rate : left + 1.0;
        if (place == LUMEN) {
            position = flow(position, std::min(wait, left), valve, w.fast, w.slow, w.pace);
            if (position >= end) {
                place = EXCRETED;
                position = end;
                break;
            }
        }
        if (wait >= left) break;
        left -= wait;
        const std::uint64_t lot = draw(bits, static_cast<std::uint64_t>(moves));
        place = destination(w.rows[row], place, first_uniform(lot) * rate);
        if (place >= PLACES) {
            if (place <= IN_ADIPOCYTE) {
                const std::int64_t g = std::min(position >> SHIFT, n - 1);
                w.site[i] = choose_site(w, place, g, draw(bits, SITE_DRAW));
            }
            break;
        }
        row = row_of(place, position, n);
        ++moves;
        u = second_uniform(lot);
    }
    w.place[i] = static_cast<std::int8_t>(place);
    w.position[i] = static_cast<std::int32_t>(position);
    return moves < MOST_MOVES;
}

inline void settle(bool stays, std::int64_t flowed, std::int64_t end, std::int8_t &place,
                   std::int32_t &position) {
    const bool in_lumen = stays && place == LUMEN;
    const int where = in_lumen && flowed >= end ? EXCRETED : place;
    position = in_lumen ? static_cast<std::int32_t>(std::min(flowed, end)) : position;
    place = static_cast<std::int8_t>(stays ? where : place + LEAVING);
}

// Short loops over plain 32-bit numbers, all of which the compiler turns into vector instructions.
void settle_block(const World &w, std::int64_t size, const std::uint64_t *__restrict key,
                  std::int8_t *__restrict place, std::int32_t *__restrict position) {
    std::uint64_t bits[BLOCK], bounds[BLOCK];
    std::int32_t flowed[BLOCK], stays[BLOCK];
    const std::int32_t n = static_cast<std::int32_t>(w.segments), end = n * STEPS;
    const std::int32_t valve = static_cast<std::int32_t>(w.valve) * STEPS;
    const std::uint64_t motion = w.motion;
    const std::uint64_t *__restrict staying = w.staying;
    const double hours = w.hours, slow = w.slow, pace = w.pace, reach = w.fast * hours;
    const std::int32_t whole = static_cast<std::int32_t>(reach);
    const std::int32_t behind = static_cast<std::int32_t>(slow * hours);
    for (std::int64_t i = 0; i < size; ++i) bits[i] = mix(motion + key[i]);
    for (std::int64_t i = 0; i < size; ++i) {
        const std::int32_t g = std::min(position[i] >> SHIFT, n - 1);
        const std::int32_t row = place[i] < PLASMA ? g : n;
        bounds[i] = staying[row * PLACES + place[i]];
    }
    for (std::int64_t i = 0; i < size; ++i) {
        const double room = static_cast<double>(valve - position[i]);
        const std::int32_t across = valve + static_cast<std::int32_t>(slow * (hours - room * pace));
        const std::int32_t before = reach < room ? position[i] + whole : across;
        flowed[i] = room <= 0.0 ? position[i] + behind : before;
    }
    for (std::int64_t i = 0; i < size; ++i) stays[i] = (bits[i] >> 11) < bounds[i] ? 1 : 0;
    for (std::int64_t i = 0; i < size; ++i) {
        const std::int32_t in_lumen = stays[i] & (place[i] == LUMEN ? 1 : 0);
        const std::int32_t onward = std::min(flowed[i], end);
        const std::int32_t out = in_lumen & (flowed[i] >= end ? 1 : 0);
        const std::int32_t where = out ? EXCRETED : place[i];
        position[i] = in_lumen ? onward : position[i];
        place[i] = static_cast<std::int8_t>(stays[i] ? where : place[i] + LEAVING);
    }
}

bool advance(const World &w, std::int64_t i) {
    const std::int64_t n = w.segments, end = n * STEPS;
    const std::uint64_t bits = mix(w.motion + w.key[i]);
    const double left = w.hours * uniform(draw(bits, BIRTH_DRAW));
    const std::int64_t row = row_of(w.place[i], w.position[i], n);
    const bool stays = (bits >> 11) < w.staying[row * PLACES + w.place[i]];
    const std::int64_t flowed =
        flow(w.position[i], left, w.valve * STEPS, w.fast, w.slow, w.pace);
    if (stays) {
        settle(true, flowed, end, w.place[i], w.position[i]);
        return true;
    }
    return travel(w, i, left, bits);
}

}  // namespace

// One tick of all packets; the row of the first that failed, else -1.
extern "C" std::int64_t run_packets(const World *world) {
    const World w = *world;
    std::int64_t old = w.count;
    while (old > 0 && w.born[old - 1] == w.tick && w.dose[old - 1] < 0) --old;
    for (std::int64_t start = 0; start < old; start += BLOCK)
        settle_block(w, std::min<std::int64_t>(BLOCK, old - start), w.key + start,
                     w.place + start, w.position + start);
    for (std::int64_t i = 0; i < old; ++i) {
        if (w.place[i] >= LEAVING) {
            w.place[i] = static_cast<std::int8_t>(w.place[i] - LEAVING);
            if (!travel(w, i, w.hours, mix(w.motion + w.key[i]))) return i;
        }
    }
    for (std::int64_t i = old; i < w.count; ++i)
        if (!advance(w, i)) return i;
    return -1;
}

// As many ticks as there are keys of motion; packets that end begin again where they began.
extern "C" std::int64_t run_ticks(World *world, const World *start, const std::uint64_t *motions,
                                  std::int64_t ticks) {
    const std::int64_t count = world->count;
    std::int8_t *__restrict place = world->place;
    std::int32_t *__restrict position = world->position;
    const std::int8_t *__restrict first_place = start->place;
    const std::int32_t *__restrict first_position = start->position;
    for (std::int64_t tick = 0; tick < ticks; ++tick) {
        world->motion = motions[tick];
        const std::int64_t failed = run_packets(world);
        if (failed >= 0) return failed;
        for (std::int64_t i = 0; i < count; ++i) {
            if (place[i] >= PLACES) {
                place[i] = first_place[i];
                position[i] = first_position[i];
            }
        }
    }
    return -1;
}

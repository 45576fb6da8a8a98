/* What every page of the engine stands on: whole numbers as Python has them, and memory. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __wasm__
#define EXPORT(name) __attribute__((export_name(#name)))
#else
#define EXPORT(name) __attribute__((visibility("default")))
#endif

/* What runs once a plan, not once a month for everybody, is made small instead of fast. */
#define SELDOM __attribute__((cold))

/* --- Numbers --- */

static inline int64_t smaller(int64_t a, int64_t b) { return b < a ? b : a; }
static inline int64_t greater(int64_t a, int64_t b) { return b > a ? b : a; }
static inline double least(double a, double b) { return b < a ? b : a; }
static inline double most(double a, double b) { return b > a ? b : a; }

static inline int64_t floor_division(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return q - (a % b != 0 && (a ^ b) < 0);
}

static inline int64_t modulo(int64_t a, int64_t b)
{
    int64_t r = a % b;
    return r != 0 && (r ^ b) < 0 ? r + b : r;
}

/* From -2^63 to 2^63 - 1024; anything else stops the run. */
static inline int64_t whole(double x)
{
    if (!(x >= -9223372036854775808.0 && x < 9223372036854775808.0))
        __builtin_trap();
    return (int64_t)x;
}

static inline int64_t whole_below(double x) { return whole(__builtin_floor(x)); }

static inline double scaled(double x, int64_t k)
{
    union { uint64_t bits; double number; } two = {(uint64_t)(k + 1023) << 52};
    return x * two.number;
}

/* The nearest whole number: it stands in the low bits of a sum with 1.5 x 2^52. */
static inline int64_t nearest(double x)
{
    union { double number; uint64_t bits; } sum = {x + 6755399441055744.0};
    return (int32_t)(uint32_t)sum.bits;
}

/* --- Memory: a pile. A function gives back what it took when it returns. --- */

#ifdef __wasm__
extern unsigned char __heap_base;
static size_t top;
#define GROUND ((char *)0)
static void room(size_t wanted)
{
    size_t have = (size_t)__builtin_wasm_memory_size(0) << 16;
    if (wanted > have && __builtin_wasm_memory_grow(0, ((wanted - have) >> 16) + 1) == (size_t)-1)
        __builtin_trap();
}
EXPORT(start) void start(void) { top = ((size_t)&__heap_base + 63) & ~(size_t)63; }
#else
/* A host lends a pile to each call: as much room as addresses can name, filled as it is used. */
static __thread char *ground;
static __thread size_t top, most_used;
#define GROUND ground
static inline void room(size_t wanted)
{
    if (wanted > most_used)
        most_used = wanted;
}
EXPORT(start) void start(char *lent) { ground = lent, top = 64, most_used = 0; }
EXPORT(used) int64_t used(void) { return (int64_t)most_used; }
#endif

static inline void *taken(int64_t bytes)
{
    size_t at = top;
    top = (top + (size_t)bytes + 15) & ~(size_t)15;
    room(top);
    return GROUND + at;
}

static inline void *zeros(int64_t bytes) { return __builtin_memset(taken(bytes), 0, (size_t)bytes); }

static inline void *copied(const void *from, int64_t bytes)
{
    return __builtin_memcpy(taken(bytes), from, (size_t)bytes);
}

EXPORT(take) void *take(int64_t bytes) { return taken(bytes); }

/* What a function returns stays; it moves down to where the function began to take memory. What is
   not of that memory stays where it is: a caller's, which with native code is above the pile or below. */
typedef struct { char **at; int64_t bytes; } Held;

static void keep(Held *held, int count, size_t mark)
{
    for (int i = 1; i < count; i++) {
        Held one = held[i];
        int k = i;
        for (; k > 0 && *held[k - 1].at > *one.at; k--)
            held[k] = held[k - 1];
        held[k] = one;
    }
    char *to = GROUND + mark;
    for (int i = 0; i < count; i++) {
        char *from = *held[i].at;
        if (from < GROUND + mark || from >= GROUND + top)
            continue;
        if (from < to) /* two results in one array */
            __builtin_trap();
        __builtin_memmove(to, from, (size_t)held[i].bytes);
        *held[i].at = to;
        to += (held[i].bytes + 7) & ~(int64_t)7;
    }
    top = ((size_t)(to - GROUND) + 15) & ~(size_t)15;
}

#ifdef CHECKED
#ifdef __wasm__
__attribute__((import_module("host"), import_name("outside"))) void outside(int64_t i, int64_t n, int64_t place);
#else
static void outside(int64_t i, int64_t n, int64_t place) { (void)i, (void)n, (void)place; }
#endif
static inline int64_t within(int64_t i, int64_t n, int64_t place)
{
    if (i < 0 || i >= n) {
        outside(i, n, place);
        __builtin_trap();
    }
    return i;
}
#endif

/* --- What needs the types below --- */

static inline i8_1 counted(int64_t n)
{
    i8_1 found = {taken(n * 8), {n}};
    for (int64_t i = 0; i < n; i++)
        found.at[i] = i;
    return found;
}

static inline i8_1 filled_i8(int64_t n, int64_t value)
{
    i8_1 found = {taken(n * 8), {n}};
    for (int64_t i = 0; i < n; i++)
        found.at[i] = value;
    return found;
}

static inline f8_1 filled_f8(int64_t n, double value)
{
    f8_1 found = {taken(n * 8), {n}};
    for (int64_t i = 0; i < n; i++)
        found.at[i] = value;
    return found;
}

/* The rows from the lowest number to the highest, of equal ones the earlier first: by merging. */
static i8_1 order_of(f8_1 values)
{
    int64_t n = values.n[0];
    i8_1 rows = counted(n), other = {taken(n * 8), {n}};
    for (int64_t width = 1; width < n; width *= 2) {
        for (int64_t low = 0; low < n; low += 2 * width) {
            int64_t middle = smaller(low + width, n), high = smaller(low + 2 * width, n);
            int64_t i = low, j = middle;
            for (int64_t k = low; k < high; k++) {
                bool first = j >= high || (i < middle && !(values.at[rows.at[j]] < values.at[rows.at[i]]));
                other.at[k] = rows.at[first ? i++ : j++];
            }
        }
        i8_1 swap = rows;
        rows = other;
        other = swap;
    }
    return rows;
}

/* The sum of some numbers, rounded once. It is kept without any error, as a sum of numbers that do not
   overlap, the smallest first (Shewchuk 1997); 64 of them hold every sum of doubles there is. */
static double sum_of(f8_1 values)
{
    double parts[64];
    int64_t held = 0;
    for (int64_t k = 0; k < values.n[0]; k++) {
        double x = values.at[k];
        int64_t left = 0;
        for (int64_t j = 0; j < held; j++) {
            double y = parts[j], sum = x + y;
            double of_x = sum - y, of_y = sum - of_x;
            double error = (x - of_x) + (y - of_y);
            if (error != 0.0)
                parts[left++] = error;
            x = sum;
        }
        parts[left] = x;
        held = left + 1;
    }
    if (held == 0)
        return 0.0;
    double sum = parts[--held], error = 0.0;
    while (held > 0 && error == 0.0) {
        double x = sum, y = parts[--held];
        sum = x + y;
        error = y - (sum - x);
    }
    /* Half a unit is missing or too much, and what is smaller says to which side it goes. */
    if (held > 0 && ((error < 0.0) == (parts[held - 1] < 0.0))) {
        double twice = 2.0 * error, other = sum + twice;
        if (twice == other - sum)
            sum = other;
    }
    return sum + 0.0;
}

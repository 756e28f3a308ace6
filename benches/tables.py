"""The measurements as tables in Markdown, and what of them falls below its bar."""

import bars

# The works of which there are many at once; the others are single operations.
MANY = ("64 phrases", "1,024 seeds", "xpub to 100,000")
# A contender of this name is keyark itself, held to plainer instructions than the best.
HELD = "keyark, "


def peers(times, path):
    """Two tables of keyark beside its peers, and what is missed."""
    works = list(dict.fromkeys(work for work, _ in times))
    missed, tables = [], []
    for title, many in (("One at a time, on one core:", False), ("Many at once, on one core:", True)):
        rows = [row for work in works if work.startswith(MANY) == many for row in rows_of(work, times, path, missed)]
        if rows:
            head = ["| work | keyark | peers | | ratio | at least |", "|---|--:|---|--:|--:|--:|"]
            tables.append("\n".join([title, "", *head, *rows]))
    return tables, missed


def rows_of(work, times, path, missed):
    """A row for keyark as it is, and one for each kind of plainer instructions that it was held to."""
    contenders = {name: taken for (other, name), taken in times.items() if other == work}
    beside = {name: taken for name, taken in contenders.items() if name != "keyark" and not name.startswith(HELD)}
    for name, ours in contenders.items():
        if name in beside or not beside:
            continue
        held = name.removeprefix(HELD) if name.startswith(HELD) else None
        wanted = [bars.ratio(work, peer, held or path) for peer in beside]
        ratios = [theirs / ours for theirs in beside.values()]
        shown = [f"**{ratio:.2f}**" if bar else f"{ratio:.2f}" for ratio, bar in zip(ratios, wanted)]
        least = " / ".join(dict.fromkeys(f"{bar:g}" for bar in wanted if bar))
        label = f"{work}, with {instructions(held)} only" if held else work
        columns = [label, time(ours), " / ".join(beside), times_of(list(beside.values())), " / ".join(shown), least]
        yield f"| {' | '.join(columns)} |"
        for peer, ratio, bar in zip(beside, ratios, wanted):
            if bar and ratio < bar:
                missed.append(f"{label}: {ratio:.2f} times {peer}, and at least {bar} is asked for")


def growth(memory, searches, path):
    """A table of memory and searches: [(addresses, kilobytes)], {(unknown, cores): seconds}; and what is missed."""
    rows, missed = [], []
    if len(memory) == 2 and all(kilobytes for _, kilobytes in memory):
        (few, small), (many, large) = memory
        rows.append(
            f"| memory of a list of {few:,} / {many:,} addresses, on one core | {small / 1024:.1f} / {large / 1024:.1f} MiB "
            f"| {bars.MEMORY:g} times as much |"
        )
        if large > bars.MEMORY * small:
            missed.append(f"memory: {large / small:.2f} times as much for {many:,} addresses as for {few:,}")
    for unknown in dict.fromkeys(unknown for unknown, _ in searches):
        bar = bars.seconds(unknown, path)
        found = {cores: taken for (other, cores), taken in searches.items() if other == unknown}
        shown = ", ".join(f"{taken:.3g} s on {cores} core{'s' * (cores > 1)}" for cores, taken in found.items())
        words = ("one unknown word of 12", "two unknown words of 12")[unknown - 1]
        rows.append(f"| {words}, an Ethereum address known: all tried | {shown} | {f'{bar:g} s' if bar else ''} |")
        missed += [f"{words}: {taken:.3g} s" for taken in found.values() if bar and taken > bar]
    if not rows:
        return [], []
    return ["\n".join(["As the work grows:", "", "| work | | at most |", "|---|--:|--:|", *rows])], missed


def cores(measured):
    """A table of two cores beside one: [{work, one, two}], and what is missed."""
    rows, missed = [], []
    for found in measured:
        work, one, two = found["work"], found["one"], found["two"]
        bar = bars.TWO_CORES.get(work)
        ratio = f"**{one / two:.2f}**" if bar else f"{one / two:.2f}"
        rows.append(f"| {work} | {time(one * 1e9)} | {time(two * 1e9)} | {ratio} | {bar or ''} |")
        if bar and one < bar * two:
            missed.append(f"{work}: {one / two:.2f} times faster on two cores, and at least {bar} is asked for")
    if not rows:
        return [], []
    head = ["| work | one core | two cores | ratio | at least |", "|---|--:|--:|--:|--:|"]
    return ["\n".join(["Two cores beside one, in turns:", "", *head, *rows])], missed


def instructions(path):
    """A code path as its vendor writes it."""
    names = {"portable": "plain Rust", "neon": "NEON", "avx2": "AVX2", "avx512": "AVX-512", "avx512ifma": "AVX-512 IFMA"}
    return names[path]


def time(nanoseconds):
    """Three digits and a unit: 1.07 ms."""
    number, unit = nanoseconds, "ns"
    for larger in ("µs", "ms", "s"):
        if number >= 999.5:
            number, unit = number / 1000, larger
    return f"{f'{number:#.3g}'.rstrip('.')} {unit}"


def times_of(all_times):
    """Several times, with their unit once where they share it: 1.16 / 1.47 ms."""
    pairs = [time(one).split() for one in all_times]
    if len({unit for _, unit in pairs}) == 1:
        return f"{' / '.join(number for number, _ in pairs)} {pairs[0][1]}"
    return " / ".join(" ".join(pair) for pair in pairs)

"""Rates against batch size and against cores, as one SVG that can be read on white and on black."""

import math
from html import escape

# Name of the work, colour, and the work of the table that its peers do, with how many results that has.
LINES = {
    "xpub to Bitcoin addresses": ("#d0701a", "xpub to 100,000 addresses (P2WPKH)", 100_000),
    "seeds to Solana addresses": ("#9a63d8", "1,024 seeds to Solana addresses", 1024),
    "seeds to Ethereum addresses": ("#3a80dd", "seed to Ethereum address", 1),
    "phrases to seeds": ("#25966a", "64 phrases to seeds", 64),
}
TEXT = "#788089"  # as far from white as from black
WIDTH, HEIGHT, TOP, BOTTOM = 900, 440, 74, 384
BATCHES, CORES = (58, 470), (512, 662)  # where the two panels begin and end
LABEL = 34  # the least distance of two labels


def peers(times):
    """The rate of the fastest peer of each work, one at a time: {work: results a second}."""
    rates = {}
    for name, (_, work, results) in LINES.items():
        theirs = [taken for (other, who), taken in times.items() if other == work and not who.startswith("keyark")]
        if theirs:
            rates[name] = results * 1e9 / min(theirs)
    return rates


def svg(points, beside, machine):
    """The drawing of the `points` that `scale rates` measured, with the rates of peers `beside` them."""
    rates = [point["rate"] for point in points] + list(beside.values())
    low, high = math.log10(min(rates)) - 0.2, math.log10(max(rates)) + 0.2
    up = lambda rate: BOTTOM - (math.log10(rate) - low) / (high - low) * (BOTTOM - TOP)
    most = max(point["batch"] for point in points)
    batches = [point for point in points if point["cores"] == 1]
    cores = sorted({point["cores"] for point in points})
    shown = [count for at, count in enumerate(reversed(cores)) if at % math.ceil(len(cores) / 5) == 0]
    note = "; dashed: the fastest other library, one at a time" if beside else ""
    parts = [
        text(BATCHES[0], 26, "Many at once: results a second", size=17, weight=600),
        text(BATCHES[0], 46, machine + note),
        grid(low, high, up),
        axis(BATCHES, most, [1, 4, 16, 64, 256, 1024, 4096], "in a batch, on one core"),
        axis(CORES, cores[-1], shown, f"cores, {most:,} in each one's batch"),
    ]
    ends = []
    for name, (colour, _, _) in LINES.items():
        own = [point for point in points if point["work"] == name]
        by_batch = {point["batch"]: point["rate"] for point in batches if point["work"] == name}
        by_cores = {point["cores"]: point["rate"] for point in own if point["batch"] == most}
        if name in beside:
            parts.append(dashed(up(beside[name]), colour))
        parts += [line(BATCHES, most, by_batch, up, colour), line(CORES, cores[-1], by_cores, up, colour)]
        ends.append((up(by_cores[cores[-1]]), name, colour, by_cores[cores[-1]]))
    parts += labels(ends)
    font = "font-family='system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif' font-size='12'"
    head = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' {font} fill='{TEXT}' role='img'>"
    return "\n".join([head, "<title>Results a second by batch size and by cores</title>", *parts, "</svg>"]) + "\n"


def across(panel, most, value):
    """Where a value lies between 1 at the panel's left and the most at its right, in powers of two."""
    return panel[0] + math.log2(value) / max(math.log2(most), 1) * (panel[1] - panel[0])


def grid(low, high, up):
    """A line for each power of ten, in both panels, with its number, and one below all."""
    parts = [f"<path d='M{start - 6} {BOTTOM}H{end + 6}' stroke='{TEXT}' stroke-opacity='.6'/>" for start, end in (BATCHES, CORES)]
    for power in range(math.ceil(low), math.floor(high) + 1):
        y = up(10**power)
        parts.append(text(BATCHES[0] - 12, y + 4, short(10**power), anchor="end"))
        for start, end in (BATCHES, CORES):
            parts.append(f"<path d='M{start - 6} {y:.1f}H{end + 6}' stroke='{TEXT}' stroke-opacity='.22'/>")
    return "\n".join(parts)


def axis(panel, most, ticks, title):
    """Numbers below a panel, and what they count."""
    parts = [text(across(panel, most, tick), BOTTOM + 20, f"{tick:,}", anchor="middle") for tick in ticks if tick <= most]
    return "\n".join([*parts, text(sum(panel) / 2, BOTTOM + 42, title, anchor="middle")])


def line(panel, most, rates, up, colour):
    """A line through rates, with a dot for each."""
    places = [(across(panel, most, value), up(rate)) for value, rate in sorted(rates.items())]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    dots = "".join(f"<circle cx='{x:.1f}' cy='{y:.1f}' r='2.6' fill='{colour}'/>" for x, y in places)
    return f"<path d='M{path}' fill='none' stroke='{colour}' stroke-width='2' stroke-linejoin='round'/>{dots}"


def dashed(y, colour):
    """A peer's rate, which no batch changes."""
    return f"<path d='M{BATCHES[0]} {y:.1f}H{BATCHES[1]}' stroke='{colour}' stroke-dasharray='4 4' stroke-opacity='.85'/>"


def labels(ends):
    """Names and rates at the ends of the lines, moved apart where they would touch."""
    ends = sorted(ends)
    places = [y for y, *_ in ends]
    for _ in range(100):
        for at in range(1, len(places)):
            overlap = max(0, LABEL - (places[at] - places[at - 1]))
            places[at - 1 : at + 1] = [places[at - 1] - overlap / 2, places[at] + overlap / 2]
    parts = []
    for y, (_, name, colour, rate) in zip(places, ends):
        parts.append(text(CORES[1] + 18, y - 3, name, colour=colour, weight=600))
        parts.append(text(CORES[1] + 18, y + 12, f"{short(rate)}/s"))
    return parts


def short(number):
    """Three digits at most: 6.54k, 120k, 1.2M."""
    for size, unit in ((1e6, "M"), (1e3, "k")):
        if number >= size * 0.9995:
            return f"{number / size:.3g}{unit}"
    return f"{number:.3g}"


def text(x, y, words, anchor="start", size=None, weight=None, colour=None):
    """One line of text."""
    given = {"text-anchor": None if anchor == "start" else anchor, "font-size": size, "font-weight": weight, "fill": colour}
    more = "".join(f" {name}='{value}'" for name, value in given.items() if value)
    return f"<text x='{x:.1f}' y='{y:.1f}'{more}>{escape(words)}</text>"

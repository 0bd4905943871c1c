"""Does every text stand out from its ground, and every mark, in both themes? (WCAG 2.2 AA)

    python -m itsm.contrast        exit code 1 where a pair is too faint; -v prints the colours

Reads the colours of static/css/tokens.css, which are the only raw ones there are.
"""

import math
import re
import sys
from pathlib import Path

TOKENS = Path(__file__).resolve().parent.parent / "static" / "css" / "tokens.css"
THEMES = ("light", "dark")
TONES = ("danger", "warn", "ok", "info", "plum", "note", "mute")
GROUNDS = ("--canvas", "--surface", "--sunken", "--raised", "--hover", "--selected")
TOKEN = re.compile(r"(--[\w-]+):\s*((?:light-dark|oklch|var)\((?:[^()]|\([^()]*\))*\));")


def text_pairs():
    """Ink and ground that stand 4.5 : 1 apart."""
    for ink in ("--text", "--text-2", "--text-3", "--accent"):
        yield from ((ink, ground) for ground in (*GROUNDS, "--note-bg", "--mute-bg"))
    for tone in TONES:
        yield from ((f"--{tone}-fg", ground) for ground in (f"--{tone}-bg", *GROUNDS))
        if tone != "mute":
            yield from ((ink, f"--{tone}-bg") for ink in ("--text", "--text-2"))
    yield from (("--on-accent", fill) for fill in ("--accent-fill", "--accent-hover"))


def mark_pairs():
    """Marks, borders and charts that stand 3 : 1 apart from their ground."""
    for tone in set(TONES) - {"note"}:
        yield from ((f"--{tone}", ground) for ground in ("--surface", "--canvas"))
    yield from (("--control", ground) for ground in ("--surface", "--canvas", "--raised"))
    yield from ((mark, "--surface") for mark in ("--run", "--accent"))
    yield from ((f"--c{number}", "--surface") for number in range(1, 7))


def read_tokens(css):
    """{name: value} of the colours, without what a media query changes later."""
    return dict(TOKEN.findall(css.split("@media")[0]))


def linear_rgb(oklch):
    """oklch(L C H) as three linear sRGB parts from 0 to 1 (Björn Ottosson's Oklab)."""
    light, chroma, hue = (float(part) for part in re.findall(r"[\d.]+", oklch)[:3])
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.291485548 * b) ** 3
    parts = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
    )
    return tuple(min(1.0, max(0.0, part)) for part in parts)


def colour(tokens, name, theme):
    value = tokens[name]
    if value.startswith("var"):
        return colour(tokens, value[4:-1], theme)
    if value.startswith("light-dark"):
        value = re.findall(r"oklch\([^)]*\)", value)[THEMES.index(theme)]
    return linear_rgb(value)


def contrast(one, other):
    """The ratio of WCAG, from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(rgb):
    red, green, blue = rgb
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def hexadecimal(rgb):
    curve = [12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in rgb]
    return "#" + "".join(f"{round(255 * part):02x}" for part in curve)


def too_faint(tokens):
    """(theme, ink, ground, ratio, needed) of each pair below its floor."""
    for pairs, needed in ((text_pairs(), 4.5), (mark_pairs(), 3.0)):
        for ink, ground in pairs:
            for theme in THEMES:
                ratio = contrast(colour(tokens, ink, theme), colour(tokens, ground, theme))
                if ratio < needed:
                    yield theme, ink, ground, ratio, needed


def main():
    tokens = read_tokens(TOKENS.read_text())
    if "-v" in sys.argv:
        for name, value in tokens.items():
            if "oklch" in value and "shadow" not in name:
                print(name, *(hexadecimal(colour(tokens, name, theme)) for theme in THEMES))
    faint = list(too_faint(tokens))
    for theme, ink, ground, ratio, needed in faint:
        print(f"{theme}: {ink} on {ground}: {ratio:.2f} < {needed}")
    count = 2 * (len(list(text_pairs())) + len(list(mark_pairs())))
    print(f"{count} pairs checked, {len(faint)} below AA")
    return 1 if faint else 0


if __name__ == "__main__":
    sys.exit(main())

"""Contrast of every text and graphic colour on every ground, both themes (WCAG 2.2 AA).

Reads static/css/tokens.css. Text needs 4.5 : 1, graphics 3 : 1. With -v it lists all colours.
"""

import math
import re
import sys
from pathlib import Path

TOKENS = Path(__file__).resolve().parent.parent / "static" / "css" / "tokens.css"
THEMES = ("light", "dark")
GROUNDS = ["canvas", "surface", "sunken", "raised", "hover", "selected"]
TONES = ["danger", "warn", "ok", "info", "plum", "note", "mute"]
TEXT = [
    *(
        (text, ground)
        for text in ("text", "text-2", "text-3", "accent")
        for ground in [*GROUNDS, "note-bg", "mute-bg"]
    ),
    *((f"{tone}-fg", ground) for tone in TONES for ground in [f"{tone}-bg", *GROUNDS]),
    *(("text", f"{tone}-bg") for tone in ("danger", "warn", "ok", "info", "plum")),
    *(("text-2", f"{tone}-bg") for tone in ("danger", "warn", "info")),
    ("on-accent", "accent-fill"),
    ("on-accent", "accent-hover"),
]
GRAPHICS = [
    *((tone, ground) for tone in TONES if tone != "note" for ground in ("surface", "canvas")),
    *(("control", ground) for ground in ("surface", "canvas", "raised")),
    ("run", "surface"),
    ("accent", "surface"),
    *((f"c{number}", "surface") for number in range(1, 7)),
]
VALUE = r"--([\w-]+):\s*((?:light-dark|oklch|var)\((?:[^()]|\([^()]*\))*\));"


def read_tokens(css):
    """{name: value} of the colours on :root; what media queries change is left out."""
    return dict(re.findall(VALUE, css.split("@media")[0]))


def linear_rgb(tokens, name, theme):
    """Linear red, green and blue (0-1) of a token in theme 0 (light) or 1 (dark)."""
    value = tokens[name]
    if value.startswith("var"):
        return linear_rgb(tokens, value[4:-1].strip().removeprefix("--"), theme)
    if value.startswith("light-dark"):
        value = re.findall(r"oklch\([^)]*\)", value)[theme]
    lightness, chroma, hue = (float(number) for number in re.findall(r"[\d.]+", value)[:3])
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    # Björn Ottosson's OKLab to linear sRGB
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
    channels = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short,
    )
    return [min(1, max(0, channel)) for channel in channels]


def luminance(tokens, name, theme):
    red, green, blue = linear_rgb(tokens, name, theme)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(tokens, one, other, theme):
    lighter, darker = sorted(
        (luminance(tokens, one, theme), luminance(tokens, other, theme)), reverse=True
    )
    return (lighter + 0.05) / (darker + 0.05)


def main():
    tokens = read_tokens(TOKENS.read_text())
    failures = checked = 0
    for pairs, needed in ((TEXT, 4.5), (GRAPHICS, 3.0)):
        for one, other in pairs:
            for theme, name in enumerate(THEMES):
                checked += 1
                ratio = contrast(tokens, one, other, theme)
                if ratio < needed or "-v" in sys.argv:
                    print(f"{name:5} --{one} on --{other}: {ratio:.2f} (needs {needed})")
                failures += ratio < needed
    print(f"{checked} pairs checked, {failures} below AA")
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())

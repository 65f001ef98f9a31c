"""Draws a report of nd-bench as one self-contained page: report.py REPORT.json PAGE.html

Pictures are SVG made by gnuplot and put into the page; nothing is loaded from anywhere. Called by ops/dev/bench.sh.
"""
import html
import json
import re
import subprocess
import sys

COLOURS = ["#0b5fa5", "#d1495b", "#2a9d8f", "#8d6a9f", "#e09f3e", "#3d405b", "#7a9e3b", "#b56576"]
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1d2433; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #e3e7ee; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.reached { color: #1b7f4d; } .missed { color: #b3261e; font-weight: 600; } .noisy { color: #8a6100; }
.bad { background: #fdecea; border-left: 4px solid #b3261e; padding: .6rem 1rem; }
.note { background: #fff7e0; border-left: 4px solid #e0a800; padding: .4rem 1rem; margin: .4rem 0; }
svg { width: 100%; height: auto; } dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; font-size: .88rem; }
dt { color: #5b667a; } dd { margin: 0; }
"""


def quoted(text):
    return '"' + str(text).replace("\\", "\\\\").replace('"', "'") + '"'


def block(rows):
    return "\n".join(" ".join(str(cell) for cell in row) for row in rows)


def line_plot(chart):
    commands, data, plots = [], [], []
    if chart["log_x"]:
        commands.append("set logscale x")
    if chart["log_y"]:
        commands.append("set logscale y")
    else:
        commands.append("set yrange [0:*]")
    places = sorted({point[0] for one in chart["series"] for point in one["points"]})
    if len(places) <= 5:  # steps of a scenario, 1 to 4 processes: each has its mark and no other has
        commands.append(f"set xtics ({', '.join(f'{place:.0f}' for place in places)})")
    for number, one in enumerate(chart["series"]):
        data.append(f"$d{number} << EOD\n{block(one['points'])}\nEOD")
        style = "linespoints pt 7 ps 0.5" if len(one["points"]) < 60 else "lines"
        plots.append(f"$d{number} using 1:2 with {style} lw 2 lc rgb '{COLOURS[number % len(COLOURS)]}' title {quoted(one['name'])}")
    return data, commands, plots


def bar_plot(chart):
    names = [one["name"] for one in chart["series"]]
    cells = [dict(map(tuple, one["points"])) for one in chart["series"]]
    rows = [[quoted(label)] + [cell.get(place, 0) for cell in cells] for place, label in enumerate(chart["labels"])]
    commands = ["set style data histograms", "set style histogram rowstacked", "set style fill solid 0.9 border -1",
                "set boxwidth 0.6", "set yrange [0:*]", "set xtics nomirror"]
    plots = [f"$d using {number + 2}:xtic(1) lc rgb '{COLOURS[number % len(COLOURS)]}' title {quoted(name)}"
             for number, name in enumerate(names)]
    return [f"$d << EOD\n{block(rows)}\nEOD"], commands, plots


def picture(chart):
    if not any(one["points"] for one in chart["series"]):
        return ""
    data, commands, plots = bar_plot(chart) if chart["kind"] == "bars" else line_plot(chart)
    script = "\n".join(data + [
        "set terminal svg size 960,420 font 'sans-serif,13' background rgb 'white' dynamic",
        "set key outside right top", "set grid ytics lc rgb '#e3e7ee'", "set border 3", "set tics nomirror",
        "set format y '%g'", "set format x '%.0f'" if chart["kind"] == "line" else "", "set encoding utf8",
        f"set xlabel {quoted(chart['x_label'])}", f"set ylabel {quoted(chart['y_label'])}"] + commands
        + ["plot " + ", ".join(plots)])
    drawn = subprocess.run(["gnuplot"], input=script, capture_output=True, text=True, check=False)
    if drawn.returncode != 0:
        sys.exit(f"gnuplot could not draw {chart['name']}:\n{drawn.stderr}")
    # Ids are unique in a picture only, and a page holds several.
    prefix = re.sub(r"\W", "_", chart["name"])
    svg = drawn.stdout[drawn.stdout.index("<svg"):]
    svg = re.sub(r"id=(['\"])(\w+)", rf"id=\1{prefix}_\2", svg)
    svg = re.sub(r"(url\(#|href=['\"]#)(\w+)", rf"\1{prefix}_\2", svg)
    return f"<h2>{html.escape(chart['title'])}</h2>\n{svg}"


def shown(value):
    size = abs(value)
    return f"{value:,.0f}" if size >= 1000 else f"{value:.1f}" if size >= 100 else f"{value:.2f}"


def goal(figure):
    if "goal" not in figure:
        return "<td></td>"
    lower = figure["better"] == "lower"
    reached = figure["median"] <= figure["goal"] if lower else figure["median"] >= figure["goal"]
    words = f"{'&le;' if lower else '&ge;'} {shown(figure['goal'])} {'reached' if reached else 'missed'}"
    return f"<td class={'reached' if reached else 'missed'}>{words}</td>"


def figure_row(figure):
    runs = len(figure["values"])
    spread = f"{shown(figure['low'])} &ndash; {shown(figure['high'])} ({runs} runs)" if runs > 1 else "once"
    noisy = " class=noisy title='too far apart to be compared'" if figure["noisy"] else ""
    return (f"<tr><td>{html.escape(figure['name'])}</td><td class=number>{shown(figure['median'])}</td>"
            f"<td>{html.escape(figure['unit'])}</td><td{noisy}>{spread}{' (noisy)' if figure['noisy'] else ''}</td>{goal(figure)}</tr>")


def page(report):
    facts = report["facts"]
    title = f"nd-bench: {facts.get('scenario', '?')}"
    notes = "".join(f"<p class=note>{html.escape(note)}</p>" for note in report["notes"])
    bad = "" if report["sound"] else "<p class=bad>Something went wrong in this run: see the notes. Do not quote its figures.</p>"
    rows = "".join(figure_row(figure) for figure in report["figures"] if figure["better"] != "neither")
    described = "".join(figure_row(figure) for figure in report["figures"] if figure["better"] == "neither")
    more = f"<details><summary>What only describes the run</summary><table>{described}</table></details>" if described else ""
    known = "".join(f"<dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd>" for name, value in facts.items())
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title><style>{STYLE}</style></head><body>
<h1>{html.escape(title)}</h1>
<p>{html.escape(facts.get('at', ''))}, commit {html.escape(facts.get('commit', 'unknown'))}, seed {html.escape(facts.get('seed', '?'))}.
Quote ratios of one run, never absolute times of another machine.</p>
{bad}{notes}
{''.join(picture(chart) for chart in report['charts'])}
<h2>Figures</h2>
<table><tr><th>figure</th><th class=number>median</th><th>unit</th><th>from &ndash; to</th><th>goal</th></tr>{rows}</table>
{more}
<h2>Machine, versions, settings</h2><dl>{known}</dl>
</body></html>
"""


def main():
    source, target = sys.argv[1:3]
    with open(source, encoding="utf-8") as file:
        report = json.load(file)
    with open(target, "w", encoding="utf-8") as file:
        file.write(page(report))
    print(f"page: {target}")


if __name__ == "__main__":
    main()

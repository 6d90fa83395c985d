#!/usr/bin/env python3
"""Measure PDF generators on one job: N records in, one merged PDF of N pages out.

    bench.py --n 1,100,1000 --reps 3                        the default rows
    bench.py --n 1000 --rows reportlab,typst
    bench.py --n 1,100,1000 --add ours='CMD {data} {out}'   another program in the same table
    bench.py --table                                        print the tables again

Needs only the standard library; rows need what setup.sh installs. See README.md.
"""
import argparse, json, os, re, shlex, shutil, statistics, subprocess, sys, threading, time

HERE = os.path.dirname(os.path.abspath(__file__))
PY = os.path.join(os.path.abspath(os.environ.get("PEERS", os.path.join(HERE, ".peers"))), "bin", "python")
SHIKAKU = os.path.abspath(os.environ.get("SHIKAKU", os.path.join(HERE, "..", "..", "target", "release", "shikaku")))
JOB = json.load(open(os.path.join(HERE, "job.json"), encoding="utf-8"))
SAMPLE_S = 0.02


def find_font():
    if os.environ.get("FONT"):
        return os.path.abspath(os.environ["FONT"])
    try:
        fam, path = subprocess.run(["fc-match", "-f", "%{family}|%{file}", JOB["font"]], capture_output=True, text=True).stdout.split("|")
        if JOB["font"] in fam.split(","):
            return os.path.realpath(path)
    except (OSError, ValueError):
        pass
    sys.exit(f"font {JOB['font']} not found: install it or set FONT=/path/to/font.ttf")


# ---------------------------------------------------------------- measuring

def high_water_kb(pid):
    try:
        for line in open(f"/proc/{pid}/status"):
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def measure(cmd, env, timeout):
    """CPU: user and system time of the process and of the children that it waited for. Memory: its maximum resident set;
    ru_maxrss starts at this program's own peak (it survives exec), so below that the sampled high-water mark counts."""
    hwm, stop, err, own = 0, threading.Event(), [], high_water_kb("self")
    load, t0 = os.getloadavg()[0], time.monotonic()
    p = subprocess.Popen(cmd, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
    reader = threading.Thread(target=lambda: err.append(p.stderr.read()))
    reader.start()

    def sample():
        nonlocal hwm
        wait = 0.001
        while not stop.wait(wait):
            hwm, wait = max(hwm, high_water_kb(p.pid)), SAMPLE_S

    def kill():
        try:
            os.killpg(p.pid, 9)
        except ProcessLookupError:
            pass

    sampler, killer = threading.Thread(target=sample), threading.Timer(timeout, kill)
    sampler.start()
    killer.start()
    _, status, ru = os.wait4(p.pid, 0)
    wall = time.monotonic() - t0
    p.returncode = os.waitstatus_to_exitcode(status)
    stop.set()
    killer.cancel()
    sampler.join()
    reader.join()
    maxrss = ru.ru_maxrss if ru.ru_maxrss > own + 512 or not hwm else hwm
    return dict(rc=p.returncode, wall=wall, cpu=ru.ru_utime + ru.ru_stime, rss_mb=maxrss / 1024, load1=load,
                err=err[0].decode("utf8", "replace")[-400:])


# ---------------------------------------------------------------- checking (outside the measured time)

def squeeze(s):
    return "".join(s.split())


def check(pdf, n, data, noqr):
    """Page count; on the first, middle and last page every field, every static text and the QR payload."""
    if not shutil.which("pdfinfo"):
        return "unchecked"
    info = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True).stdout
    got = re.search(r"^Pages:\s+(\d+)", info, re.M)
    if not got or int(got.group(1)) != n:
        return f"pages={got.group(1) if got else '?'}"
    pw, ph = map(float, re.search(r"^Page size:\s+([\d.]+) x ([\d.]+)", info, re.M).groups())
    if abs(pw - JOB["page"]["w"] * 72 / 25.4) > 1 or abs(ph - JOB["page"]["h"] * 72 / 25.4) > 1:
        return f"size={pw}x{ph}"
    pages = {1, n // 2 + 1, n}
    with open(data, encoding="utf-8") as f:
        recs = [(i, json.loads(line)) for i, line in enumerate(f, 1) if i in pages]
    for page, r in recs:
        text = [squeeze(subprocess.run(["pdftotext", *mode, "-f", str(page), "-l", str(page), pdf, "-"], capture_output=True, text=True).stdout)
                for mode in ([], ["-layout"], ["-raw"])]
        want = [f["text"].format_map(r) for f in JOB["fields"]] + [s["text"] for s in JOB["static"]] + JOB["body"]["paragraphs"]
        miss = [w for w in want if not any(squeeze(w) in t for t in text)]
        if miss:
            return f"page {page}: {len(miss)} texts missing, first {miss[0][:20]!r}"
        if not noqr and os.path.exists(PY):
            code = subprocess.run([PY, os.path.join(HERE, "qrcheck.py"), pdf, str(page)], capture_output=True, text=True).stdout.rstrip("\n")
            if code != JOB["qr"]["text"].format_map(r):
                return f"page {page}: QR {code!r}"
    return "ok"


# ---------------------------------------------------------------- tables

def tables(path):
    by_n = {}
    for line in open(path, encoding="utf-8"):
        r = json.loads(line)
        by_n.setdefault(r["n"], {}).setdefault(r["row"], []).append(r)
    med = {}
    for n in sorted(by_n):
        for noqr in (False, True):
            rows = []
            for name, runs in by_n[n].items():
                if name.endswith("_noqr") != noqr:
                    continue
                ok = [x for x in runs if x["rc"] == 0]
                if not ok:
                    print(f"N={n} {name}: failed, rc={runs[-1]['rc']} after {runs[-1]['wall']:.0f} s: {runs[-1]['err'][-160:]!r}")
                    continue
                v = [statistics.median(x[k] for x in ok) for k in ("cpu", "rss_mb", "bytes", "wall")]
                med.setdefault(name, {})[n] = v
                rows.append((name, v, len(ok), next((x["check"] for x in ok if x["check"] != "ok"), "ok")))
            rated = {name for name, _, _, ck in rows if ck in ("ok", "unchecked")}
            real = [v for name, v, *_ in rows if name in rated]
            if not rows:
                continue
            real = real or [v for _, v, *_ in rows]
            least = [max(min(v[i] for v in real), 1e-9) for i in range(3)]
            print(f"\n### N={n}{' without QR' if noqr else ''}\n")
            print("| row | CPU s | CPU µs a page | × least | peak MB | × least | bytes a page | × least | wall s | runs | check |")
            print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|")
            for name, (cpu, mb, size, wall), k, ck in sorted(rows, key=lambda x: x[1][0]):
                x = ["–"] * 3 if name not in rated else [f"{a / b:.1f}" for a, b in zip((cpu, mb, size), least)]
                print(f"| {name} | {cpu:.3f} | {cpu / n * 1e6:.1f} | {x[0]} | {mb:.0f} | {x[1]} | {size / n:.0f} | {x[2]} | {wall:.2f} | {k} | {ck} |")
    rows = []
    for name, m in med.items():
        ns = sorted(m)
        if len(ns) > 1 and ns[-1] >= 100:
            a, b = ns[-2:]
            d = [(m[b][i] - m[a][i]) / (b - a) for i in range(3)]
            rows.append((d[0], f"| {name} | {a} → {b} | {d[0] * 1e6:.1f} | {d[1] * 1024 * 1024:.0f} | {d[2]:.0f} |"))
    if rows:
        print("\n### What one page more costs\n\n| row | from N | CPU µs | bytes of memory | bytes of PDF |\n|---|---|--:|--:|--:|")
        print("\n".join(s for _, s in sorted(rows)))


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--n", default="1,100,1000", help="record counts, comma-separated")
    a.add_argument("--rows", default="all", help="row names, comma-separated; all = every row not marked optional; none")
    a.add_argument("--reps", type=int, default=3)
    a.add_argument("--add", action="append", default=[], metavar="NAME='CMD {data} {out}'", help="also {csv} and {job}; a name ending in _noqr goes into the table without QR")
    a.add_argument("--timeout", type=float, default=600, help="seconds for one run")
    a.add_argument("--budget", type=float, default=60, help="do not repeat a row that has used this many seconds at this N")
    a.add_argument("--work", default=os.path.join(HERE, "work"), help="records, outputs, results.jsonl")
    a.add_argument("--table", action="store_true", help="only print the tables of work/results.jsonl")
    a.add_argument("--fresh", action="store_true", help="forget earlier results")
    g = a.parse_args()
    results = os.path.join(g.work, "results.jsonl")
    if g.table:
        return tables(results)
    rows = json.load(open(os.path.join(HERE, "rows.json"), encoding="utf-8"))
    known, named = set(rows), g.rows.split(",")
    if set(named) - known - {"all", "none"}:
        sys.exit(f"unknown rows: {', '.join(sorted(set(named) - known - {'all', 'none'}))} (known: {', '.join(rows)})")
    rows = {k: v for k, v in rows.items() if k in named or ("all" in named and not v.get("optional"))}
    for s in g.add:
        name, cmd = s.split("=", 1)
        rows[name] = {"cmd": cmd}
    os.makedirs(g.work, exist_ok=True)
    if g.fresh and os.path.exists(results):
        os.unlink(results)
    base = dict(os.environ, JOB=os.path.join(HERE, "job.json"), FONT=find_font())
    for n in map(int, g.n.split(",")):
        data, csv = (os.path.join(g.work, f"data_{n}.{e}") for e in ("jsonl", "csv"))
        gen = [sys.executable, os.path.join(HERE, "gen.py"), "--n", str(n)]
        subprocess.check_call(gen + ["-o", data])
        subprocess.check_call(gen + ["--csv", "-o", csv])
        spent = dict.fromkeys(rows, 0.0)
        for rep in range(g.reps):               # rep-major, so that drift hits all rows alike
            for name, row in rows.items():
                if rep and spent[name] > g.budget:
                    continue
                out = os.path.join(g.work, f"{name}_{n}.pdf")
                if os.path.exists(out):
                    os.unlink(out)
                sub = {"data": data, "csv": csv, "out": out, "job": base["JOB"], "PY": PY, "ROWS": os.path.join(HERE, "rows"),
                       "SHIKAKU": SHIKAKU, "PACKS": os.path.join(HERE, ".."), "FONTS": os.path.dirname(base["FONT"])}
                cmd = [re.sub(r"\{(\w+)\}", lambda m: sub.get(m.group(1), m.group(0)), w) for w in shlex.split(row["cmd"])]
                try:
                    r = measure(cmd, dict(base, **row.get("env", {})), g.timeout)
                except OSError as e:
                    r = dict(rc=127, wall=0, cpu=0, rss_mb=0, load1=0, err=str(e))
                r.update(row=name, n=n, rep=rep, bytes=os.path.getsize(out) if os.path.exists(out) else 0)
                if r["rc"] == 0 and not r["bytes"]:
                    r.update(rc=1, err="wrote nothing")
                spent[name] += r["wall"] if r["rc"] == 0 else float("inf")
                r["check"] = "failed" if r["rc"] else "–" if row.get("check") is False else check(out, n, data, name.endswith("_noqr"))
                with open(results, "a", encoding="utf-8") as f:
                    f.write(json.dumps(r, ensure_ascii=False) + "\n")
                print(f"N={n} run {rep + 1} {name}: cpu {r['cpu']:.2f} s, wall {r['wall']:.2f} s, {r['rss_mb']:.0f} MB, {r['bytes']} B, {r['check']} {r['err'][-160:] if r['rc'] else ''}", file=sys.stderr, flush=True)
    tables(results)


if __name__ == "__main__":
    main()

"""What the benches share: a throw-away environment of the peers, a child process watched, tables in Markdown."""
import datetime, hashlib, importlib.metadata, importlib.util, json, os, pathlib, platform, shutil, signal
import statistics, subprocess, sys, threading, time, venv

REPO = pathlib.Path(__file__).resolve().parent.parent
BENCH = pathlib.Path(os.environ.get("MILAAN_BENCH_DIR", "/tmp/milaan-bench")).resolve()
REQUIREMENTS = REPO / "benches/requirements.txt"


class Failed(Exception):
    """A job that did not end well, in words."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def enter_venv():
    """Goes on under the python of the bench environment, which is made, or reused where it is complete."""
    folder = BENCH / "venv"
    if pathlib.Path(sys.prefix).resolve() == folder.resolve():
        return
    python, mark = folder / "bin/python", folder / "complete"
    wanted = REQUIREMENTS.read_text()
    if not mark.is_file() or mark.read_text() != wanted:
        say(f"environment of the peers: {folder}")
        venv.EnvBuilder(clear=True, with_pip=True).create(folder)
        if installed(python, "-r", REQUIREMENTS):
            mark.write_text(wanted)
        else:  # One that cannot be had must not keep the others away; the next call tries again.
            for line in (line for line in wanted.splitlines() if line and not line.startswith("#")):
                if not installed(python, line):
                    say(f"NOT INSTALLED: {line}; what needs it is left out of the tables")
    os.execv(python, [str(python), *sys.argv])


def installed(python, *what):
    pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *what]
    try:
        return subprocess.run(pip, timeout=900).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def missing(*modules):
    """Which of these modules the environment lacks, in words, or nothing."""
    absent = [module for module in modules if importlib.util.find_spec(module) is None]
    return f"not installed: {', '.join(absent)}" if absent else ""


def two_cores():
    """This process and its children keep to two cores, so that a larger machine measures the same."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])


def milaan_binary():
    """`MILAAN_BIN`, or the release build of this checkout."""
    if named := os.environ.get("MILAAN_BIN"):
        return pathlib.Path(named).resolve()
    subprocess.run(["cargo", "build", "--release", "--locked"], cwd=REPO, check=True)
    ask = ["cargo", "metadata", "--no-deps", "--format-version", "1"]
    about = subprocess.run(ask, cwd=REPO, check=True, capture_output=True)
    return pathlib.Path(json.loads(about.stdout)["target_directory"]) / "release/milaan"


class Job:
    """A finished child: wall and CPU seconds, peak MB, its stdout by line, and its resident memory over time.

    wall: from its start to its end, the interpreter's or program's start included. cpu: user + system from wait4, of the process
    and of the children it waited for. peak: ru_maxrss from wait4, of the process itself; no job here starts others. Linux never
    gives less than what this driver held when it started the child, so the driver holds nothing large, and heading() says how much.
    """

    def __init__(self, command, seconds=3600, sampled=False, log=None, **environment):
        os.sync()  # What was written before is not this job's to wait for.
        self.lines, self.samples = [], []
        log = log or BENCH / "stderr.log"
        with open(log, "wb") as stderr:
            start = time.perf_counter()
            child = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                     stderr=stderr, start_new_session=True, text=True, env={**os.environ, **environment}, cwd=REPO)
            late = threading.Event()
            guard = threading.Timer(seconds, lambda: (late.set(), os.killpg(child.pid, signal.SIGKILL)))
            guard.start()
            if sampled:
                threading.Thread(target=self._sample, args=(child.pid, start), daemon=True).start()
            try:
                for line in child.stdout:
                    self.lines.append((time.perf_counter() - start, line.rstrip("\n")))
            except BaseException:
                os.killpg(child.pid, signal.SIGKILL)
                raise
            finally:
                _, status, used = os.wait4(child.pid, 0)
                guard.cancel()
                child.stdout.close()
            self.wall = time.perf_counter() - start
        child.returncode = self.code = os.waitstatus_to_exitcode(status)
        self.cpu, self.peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
        self.error = ""
        if late.is_set():
            self.error = f"stopped after {seconds} s"
        elif self.code:
            self.error = f"exit {self.code}: {log.read_text(errors='replace').strip()[-600:]}"

    def _sample(self, pid, start):
        """Resident memory, some twenty times a second."""
        page = os.sysconf("SC_PAGESIZE") / 2**20
        try:
            while True:
                pages = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
                self.samples.append((time.perf_counter() - start, pages * page))
                time.sleep(0.05)
        except (OSError, IndexError, ValueError):
            return  # It has ended, or this is no Linux.

    def peak_between(self, begin, end):
        """The highest sample of a stretch and the one before it; samples may miss a spike shorter than 50 ms."""
        before = [mb for at, mb in self.samples if at < begin][-1:]
        return max([mb for at, mb in self.samples if begin <= at <= end] or before, default=self.peak)

    def stdout(self):
        return "\n".join(line for _, line in self.lines)

    def or_fail(self):
        if self.error:
            raise Failed(self.error)
        return self


class Cost:
    """Wall, CPU and peak of one thing over its repeats."""

    def __init__(self):
        self.runs, self.note = [], ""

    def add(self, wall, cpu, peak):
        self.runs.append((wall, cpu, peak))

    def median(self, which):
        return statistics.median(run[which] for run in self.runs)

    def cells(self):
        """Three cells: `best / median` where there were several runs."""
        if not self.runs:
            return ["-", "-", "-"]
        best = [min(run[which] for run in self.runs) for which in range(3)]
        shown = [best] if len(self.runs) == 1 else [best, [self.median(which) for which in range(3)]]
        return [" / ".join(f"{values[which]:,.{digits}f}" for values in shown) for which, digits in enumerate((2, 2, 0))]

    def over(self, other):
        """Three cells: the medians of this by those of the other."""
        if not self.runs or not other.runs:
            return ["-", "-", "-"]
        return [f"{self.median(which) / max(other.median(which), 1e-9):.2f}" for which in range(3)]


def table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    print("\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n", flush=True)


def heading(milaan, repeat):
    """Machine, date, versions: without them a figure says nothing."""
    packages = [line.split("==")[0] for line in REQUIREMENTS.read_text().splitlines() if "==" in line]
    versions = ", ".join(f"{package} {version_of(package)}" for package in packages)
    cpu = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=REPO, capture_output=True, text=True).stdout.strip()
    ours = subprocess.run([milaan, "--version"], capture_output=True, text=True).stdout.strip()
    with open(milaan, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()[:12]
    cells = "Cells are best / median, ratios are of medians." if repeat > 1 else "One run of each."
    print(f"{datetime.date.today()}; {cpu}, two of {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start; checkout {commit}, "
          f"{ours}, binary {digest}; Python {platform.python_version()}, {versions}. {cells}\n\n"
          f"Wall and CPU seconds and peak resident memory (`wait4`) of whole processes, unless said. The least that this way of "
          f"measuring memory can show is {Job(['true']).peak:.0f} MB.\n", flush=True)


def version_of(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "NOT INSTALLED"


def remove(folder):
    shutil.rmtree(folder, ignore_errors=True)


def fresh(folder):
    remove(folder)
    folder.mkdir(parents=True)
    return folder

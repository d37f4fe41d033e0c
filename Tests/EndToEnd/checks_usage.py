"""Help, versions and options."""

import subprocess

from support import check, letters, lines, parse, refused

COMMANDS = ["open", "train", "predict", "summary", "sample", "bench", "experiment", "data"]


@check
def every_command_has_help(program, folder):
    for command in [[], *([name] for name in COMMANDS)]:
        done = program(*command, "--help", folder=folder)
        assert done.code == 0 and not done.err, done
        assert "USAGE: unroll" in done.out and "OPTIONS:" in done.out, done
        help_ = program("help", *command, folder=folder)
        assert help_.code == 0 and "USAGE: unroll" in help_.out, help_
    top = program("--help", folder=folder).out
    assert all(f"  {name} " in top for name in COMMANDS), top


@check
def the_version_is_one_line(program, folder):
    done = program("--version", folder=folder)
    assert done.code == 0 and done.out.count("\n") == 1 and done.out[0].isdigit(), done


@check
def completions_are_scripts(program, folder):
    done = program("--generate-completion-script", "bash", folder=folder)
    assert done.code == 0, done
    assert subprocess.run(["bash", "-n"], input=done.out, text=True).returncode == 0
    assert all(name in done.out for name in COMMANDS)


@check
def without_a_terminal_there_is_short_help(program, folder):
    done = program(folder=folder)
    refused(done, 64, "The workbench needs a terminal, got none.", "USAGE: unroll", "unroll train")
    assert "\\n" not in done.err and len(done.err.splitlines()) > 10, done
    refused(program("trian", folder=folder), 64)


@check
def wrong_options_are_usage(program, folder):
    wrong = {
        ("--nonsense",): "--nonsense",
        ("train", "--stepps", "3"): "--steps",
        ("train", "a.json", "b.json"): "b.json",
        ("train", "--headless", "--steps"): "--steps",
        ("train", "--headless", "--steps", "few"): "few",
        ("train", "--headless", "--steps", "0"): "1 to 1000000000, got '0'",
        ("train", "--headless", "--steps=-3"): "got '-3'",
        ("train", "--headless", "--seed=-1"): "-1",
        ("train", "--headless", "--threads", "0"): "from 1 to 1024, got 0",
        ("summary", "--threads", "many"): "many",
        ("predict",): "--weights",
        ("sample",): "<run>",
        ("sample", "last", "--length", "0"): "from 1 to 10000000, got 0",
        ("sample", "last", "--temperature=-1"): "0 or more, got -1",
        ("sample", "last", "--temperature", "nan"): "0 or more, got nan",
        ("sample", "last", "--top-k=-3"): "0 or more, got -3",
        ("forecast", "last", "--steps", "0"): "from 1 to 10000, got 0",
        ("forecast", "last", "--split", "future"): "train, validation or test, got 'future'",
        ("sample", "last", "--top-p", "0"): "above 0 and at most 1, got 0",
        ("bench", "nonsense"): "Unknown workload 'nonsense'.",
        ("bench", "lstm-chr"): "Did you mean 'lstm-char'?",
        ("bench", "--seconds", "0"): "above 0",
        ("bench", "--seconds", "inf"): "up to 3600",
        ("bench", "--threads", "5000"): "1 to 1024",
        ("bench", "products", "64x64"): "got '64x64'.",
        ("bench", "products", "--orders", "tt"): "tt",
        ("bench", "products", "--threads", "1", "0"): "1 to 1024, got 0",
        ("bench", "curves", "lstmm"): "Did you mean 'lstm'?",
    }
    for arguments, word in wrong.items():
        refused(program(*arguments, folder=folder), 64, word)
    assert list(folder.iterdir()) == []


@check
def wrong_settings_are_usage(program, folder):
    wrong = {
        "training.steps": "--set needs NAME=VALUE, got 'training.steps'.",
        "=3": "--set needs NAME=VALUE, got '=3'.",
        "training.steps=": "--set needs NAME=VALUE, got 'training.steps='.",
        "training.stepps=3": "training has no setting 'stepps'. Did you mean 'steps'?",
        "lsmt.hidden_size=3": "Unknown setting 'lsmt.hidden_size'.",
        "lstm.hidden_size=0": "lstm needs hidden_size to be a whole number from 1 to 65536",
        "lstm.hidden_size=1e99": "got '1e99'.",
        "training.learning_rate=fast": "training needs learning_rate to be a number",
        "training.learning_rate=inf": "got 'inf'.",
        "seed=-1": "The seed needs to be a whole number from 0 to",
        "name=../x": "A session's name needs",
    }
    for setting, sentence in wrong.items():
        for command in (["summary"], ["train", "--headless"]):
            refused(program(*command, "--set", setting, folder=folder), 64, sentence)


@check
def a_summary_is_a_table_and_json(program, folder):
    done = program("summary", folder=folder)
    assert done.code == 0 and "embedding" in done.out and "parameters" in done.out, done
    for seed in (0, 7, 2**63 - 1, 2**64 - 1):
        done = program("summary", "--json", "--seed", seed, folder=folder)
        assert done.code == 0 and not done.err, done
        report = parse(done.out)
        assert int(report["seed"]) == seed and report["schema"] == 1
        assert report["error"] is None and len(report["layers"]) == 3
        total = sum(layer["parameter_count"] for layer in report["layers"])
        assert report["parameter_count"] == total > 0


@check
def a_benchmark_is_json(program, folder):
    done = program("bench", "rnn-small", "--json", "--seconds", "0.05", folder=folder)
    assert done.code == 0, done
    report = parse(done.out)
    assert [entry["name"] for entry in report["workloads"]] == ["rnn-small"]
    entry = report["workloads"][0]
    assert entry["best_ms"] > 0 and entry["share_of_peak"] > 0 and report["peak_gflops"] > 0
    table = program("bench", "rnn-small", "--seconds", "0.05", "--profile", folder=folder)
    assert table.code == 0 and "rnn-small" in table.out and "(update)" in table.out, table
    assert "cell forward" in table.out and "(outside, waiting)" in table.out, table


@check
def products_are_timed(program, folder):
    words = ["bench", "products", "8", "3x4x5", "--orders", "nt", "--threads", "1", "2", "--seconds", "0.001"]
    done = program(*words, "--json", folder=folder)
    assert done.code == 0, done
    found = [(one["shape"], one["order"], one["threads"]) for one in parse(done.out)["products"]]
    assert found == [("8", "nt", 1), ("8", "nt", 2), ("3x4x5", "nt", 1), ("3x4x5", "nt", 2)]
    table = program(*words, folder=folder)
    assert table.code == 0 and "3x4x5            nt" in table.out, table


@check
def curves_say_how_steps_grow(program, folder):
    words = ["bench", "curves", "conv", "--axes", "layers", "--seconds", "0.001"]
    done = program(*words, "--json", folder=folder)
    assert done.code == 0, done
    curve = parse(done.out)["curves"][0]
    assert [point["layers"] for point in curve["points"]] == [1, 2, 4, 8, 16]
    assert curve["points"][0]["time_exponent"] is None and curve["points"][4]["work_exponent"] > 0.5
    table = program(*words, folder=folder)
    assert table.code == 0 and "conv, T 256, B 16, H 32" in table.out, table


@check
def closed_streams_end_up_in_no_file(program, folder):
    letters(folder)
    train = ["train", "letters.json", "--jsonl", "--steps", "3", "--run"]
    done = program(*train, "a", folder=folder, prefix=["bash", "-c", 'exec "$@" >&-', "bash"])
    refused(done, 74, "Cannot write to standard output: Bad file descriptor.")
    done = program(*train, "b", folder=folder, prefix=["bash", "-c", 'exec "$@" 2>&-', "bash"])
    assert done.code == 0 and not done.err and lines(done.out)[-1]["event"] == "finished", done
    for run in ("a", "b"):
        names = sorted(path.name for path in (folder / run).iterdir())
        assert names == [
            ".lock", "ckpt-00000003.safetensors", "metrics.jsonl", "run.json", "session.json"
        ], names
        assert (folder / run / ".lock").read_text().strip().isdigit()
        assert len(lines((folder / run / "metrics.jsonl").read_text())) == 5


@check
def a_full_device_is_told(program, folder):
    with open("/dev/full", "wb") as full:
        done = program("summary", "--json", folder=folder, stdout=full)
    refused(done, 74, "Cannot write to standard output: No space left on device.")

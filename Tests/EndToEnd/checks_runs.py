"""Training to the end, and what is made of runs."""

import json
import subprocess

from support import ROOT, check, letters, lines, losses, read_safetensors, refused


@check
def a_run_tells_everything_as_json(program, folder):
    letters(folder)
    done = program("train", "letters.json", "--jsonl", folder=folder)
    assert done.code == 0, done
    events = lines(done.out)
    assert all(event["schema"] == 1 for event in events)
    names = [event["event"] for event in events]
    assert names[:2] == ["start", "started"] and names[-1] == "finished", names
    assert [step for step, _ in losses(events)] == list(range(1, 41))
    splits = [event["split"] for event in events if event["event"] == "validation"]
    assert splits == ["validation"] * 4 + ["test"]
    assert {baseline["name"] for baseline in events[0]["baselines"]} > {"order-3 counts"}
    (run,) = (folder / "runs").iterdir()
    kept = sorted(path.name for path in run.iterdir())
    assert "session.json" in kept and "ckpt-00000040.safetensors" in kept, kept
    metrics = lines((run / "metrics.jsonl").read_text())
    assert losses(metrics) == losses(events)


@check
def seeds_and_threads_decide_what_they_should(program, folder):
    letters(folder)
    def curve(*options):
        done = program("train", "letters.json", "--jsonl", *options, folder=folder)
        assert done.code == 0, done
        return losses(lines(done.out))

    first = curve("--seed", "5")
    assert curve("--seed", "5", "--threads", "3") == first == curve("--set", "seed=5")
    assert curve("--seed", str(2**64 - 1)) != first
    assert curve("--steps", "7", "--seed", "5") == first[:7]


@check
def a_run_goes_on_in_its_folder(program, folder):
    letters(folder)
    def train(*options):
        return program("train", "letters.json", "--jsonl", *options, folder=folder)

    whole = losses(lines(train().out))
    first = train("--run", "a/b", "--steps", "17")
    second = train("--run", "a/b")
    assert first.code == second.code == 0, second
    assert losses(lines(first.out)) + losses(lines(second.out)) == whole
    again = train("--run", "a/b")
    assert again.code == 0 and losses(lines(again.out)) == [], again
    other = train("--run", "a/b", "--seed", "9", "--steps", "60")
    refused(other, 65, "The checkpoint was made with seed 1, the session has 9.")
    other = train("--run", "a/b", "--set", "gru.hidden_size=5", "--steps", "60")
    refused(other, 65, "Open the session that the weights were made with.")
    assert lines(other.out)[-1]["event"] == "failed"
    for path in (folder / "a/b").glob("ckpt-*"):
        path.write_bytes(path.read_bytes()[:100])
    refused(train("--run", "a/b", "--steps", "60"), 65, "that are damaged")


@check
def a_run_goes_on_with_its_own_session(program, folder):
    letters(folder)
    def train(*options):
        return program("train", *options, "--jsonl", folder=folder)

    whole = losses(lines(train("letters.json", "--set", "training.learning_rate=0.002").out))
    first = train("letters.json", "--set", "training.learning_rate=0.002", "--run", "a",
                  "--steps", "9")
    second = train("--run", "a", "--steps", str(len(whole)))
    assert losses(lines(first.out)) + losses(lines(second.out)) == whole, second
    assert "run a goes on from step 9" in second.err, second
    refused(program("summary", "a", folder=folder), 65,
            "'a' is the folder of a run, not a session file. Go on with it by "
            "'unroll train --run a'.")


@check
def text_is_sampled_from_a_run(program, folder):
    refused(program("sample", "last", folder=folder), 66, "There are no runs with a checkpoint")
    refused(program("sample", "runs/none", folder=folder), 66, "got 'runs/none'")
    letters(folder)
    assert program("train", "letters.json", "--headless", folder=folder).code == 0
    (folder / "runs" / "99991231T000000Z-just-begun-0000").mkdir()
    def sample(*options, run="last"):
        done = program("sample", run, *options, folder=folder)
        assert done.code == 0 and not done.err, done
        return done.out

    first = sample("--length", "200", "--seed", "3")
    assert len(first) == 201 and set(first) <= set("abcdefghi gx\n"), first
    assert sample("--length", "200", "--seed", "3") == first
    assert sample("--length", "200", "--seed", "4") != first
    assert sample("--length", "20", "--prime", "abba ").startswith("abba ")
    greedy = sample("--length", "50", "--temperature", "0", "--seed", "1")
    assert sample("--length", "50", "--temperature", "0", "--seed", "2") == greedy
    run = min((folder / "runs").iterdir())
    assert sample("--length", "200", "--seed", "3", run=run) == first
    newest = max(run.glob("ckpt-*"))
    assert len(sample("--length", "9", run=newest)) == 10
    for prime in ("Q", "\u001b[31m", "ab\u202e"):
        done = program("sample", "last", "--prime", prime, folder=folder)
        refused(done, 65, "The model reads the 12 characters of its text, got '")
        assert "\u001b" not in done.err + done.out and "\u202e" not in done.err + done.out
    text = folder / "text.txt"
    known = text.read_text()
    text.write_text(known[::-1])
    refused(program("sample", "last", folder=folder), 65,
            "Sampling needs the text that the model was trained on, got another one in")
    done = program("sample", "last", "--changed-text", "--length", "9", folder=folder)
    assert done.code == 0 and "is not the text that this model was trained on" in done.err, done
    text.write_text(known)
    newest.write_bytes(newest.read_bytes()[:-1])
    refused(program("sample", newest, folder=folder), 65)


@check
def a_classifier_does_not_write(program, folder):
    session = ROOT / "sessions" / "vowels-lstm.json"
    done = program("train", session, "--headless", "--steps", "2", "--run", "r", folder=folder)
    assert done.code == 0, done
    refused(program("sample", "r", folder=folder), 65, "Sampling needs a model of a text, got")


@check
def a_hostile_checkpoint_makes_no_absurd_model(program, folder):
    letters(folder)
    assert program("train", "letters.json", "--headless", "--run", "r", folder=folder).code == 0
    path = max((folder / "r").glob("ckpt-*"))
    data = path.read_bytes()
    small, huge = b'hidden_size\\":12}', b'hidden_size\\":65536}'
    assert data.count(small) == 1, data[:3000]
    # As long as before, with the checksum of the session left wrong or taken out of the way.
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8:8 + size])
    meta = header["__metadata__"]
    meta["config"] = meta["config"].replace('"hidden_size":12', '"hidden_size":65536')
    for change in ({}, {key: None for key in meta if key.startswith("crc")}):
        for key in change:
            meta.pop(key)
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        path.write_bytes(len(text).to_bytes(8, "little") + text + data[8 + size:])
        done = program("sample", path, folder=folder)
        assert done.code in (65, 74) and done.err.count("\n") == 1, done


@check
def diverging_is_told_and_the_weights_are_kept(program, folder):
    letters(folder)
    session = json.loads((folder / "letters.json").read_text())
    session["model"][1] = {"layer": "rnn", "name": "gru", "nonlinearity": "relu", "hidden_size": 12}
    session["training"].update(learning_rate=1000, clip_norm=0, optimizer="sgd")
    (folder / "letters.json").write_text(json.dumps(session))
    done = program("train", "letters.json", "--jsonl", "--run", "r", folder=folder)
    assert done.code == 2, done
    sentence = done.err.strip().splitlines()[-1]
    assert sentence.startswith("unroll: ") and " at step " in sentence, sentence
    assert "kept" in sentence and "Lower the learning rate or set clip_norm." in sentence, sentence
    events = lines(done.out)
    assert events[-1]["event"] == "failed" and events[-1]["message"] in sentence
    arrays = read_safetensors(max((folder / "r").glob("ckpt-*")))
    assert all(abs(values).max() < float("inf") for values in arrays.values() if values.size)


@check
def output_that_nobody_reads_ends_quietly(program, folder):
    letters(folder)
    for words in (
        ["train", "letters.json", "--jsonl", "--set", "training.steps=100000"],
        ["summary", "--json"], ["--help"],
    ):
        pipe = subprocess.Popen(
            [program.path, *words], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        pipe.stdout.readline()
        pipe.stdout.close()
        error = pipe.stderr.read().decode()
        code = pipe.wait(timeout=60)
        pipe.stderr.close()
        assert code in (0, -13), (words, code, error)
        assert "rror" not in error and "trace" not in error, error


@check
def only_runs_that_are_there_go_on(program, folder):
    done = program("train", "--headless", "--steps", "2", "--run", "rnus/x", folder=folder)
    refused(done, 66, "There is no run in 'rnus/x' that could go on.")
    assert not (folder / "rnus").exists()
    refused(program("train", "--headless", "--run", "last", folder=folder), 66, "no runs")
    letters(folder)
    assert program("train", "letters.json", "--headless", "--steps", "3", folder=folder).code == 0
    done = program("train", "--run", "last", "--headless", "--steps", "5", folder=folder)
    assert done.code == 0 and "goes on from step 3" in done.err, done


@check
def labels_do_not_steer_the_terminal(program, folder):
    rows = "".join(f"{'ab' * (i % 5 + 1)},{name}\n" for i in range(40)
                   for name in ("\u001b[2Jevil", "\u009b31mok"))
    (folder / "esc.csv").write_text("text,label\n" + rows)
    done = program("train", "--headless", "--data", "esc.csv", "--steps", "3", folder=folder)
    assert done.code == 0, done
    for words in [
        ["predict", "last", "--text", "abba"], ["predict", "last", "--data", "esc.csv"],
        ["predict", "last", "--text", "ab", "--json"],
        ["data", "dump", "esc.csv", "--count", "2"], ["data", "check", "esc.csv"],
    ]:
        code, seen = program.on_terminal(*words, folder=folder)
        assert code == 0 and seen.strip(), (words, code, seen)
        assert b"\x1b" not in seen and b"\xc2\x9b" not in seen, (words, seen)
    raw = program("data", "dump", "esc.csv", "--count", "2", folder=folder).out
    assert "\u001b[2Jevil" in raw, raw


@check
def nothing_hostile_reaches_the_terminal(program, folder):
    """Names with escape sequences, in every place that a name can come from."""
    letters(folder)
    names = [
        "\u001b]0;owned\u0007", "\u009b31mred", "a\u202eb\u2066c", "back\b\rspace", "tab\tx\ny",
    ]
    for name in names:
        (folder / f"{name}.json").write_text('{"format": 1, "n\\u001b[2J": 1, "model": []}')
        (folder / f"{name}.txt").write_text("abc" * 4)
        hostile = [
            ["summary", f"{name}.json"], ["summary", f"missing{name}"],
            ["train", "--headless", f"{name}.json"], ["sample", name], ["bench", name],
            ["summary", "--set", f"data.set={name}.txt"], ["summary", "--set", name],
            ["summary", "--set", f"{name}=1"], ["summary", "--set", f"name={name}"],
            ["summary", "--set", f"lstm.hidden_size={name}"], ["train", f"--{name}"],
            ["train", "--headless", "--steps", name], [f"{name}.json", "extra"],
            ["train", "letters.json", "--headless", "--steps", "2", "--run", f"run{name}"],
            ["predict", "letters.json", "--weights", name, "--input", name, "--output", name],
        ]
        for words in hostile:
            code, seen = program.on_terminal(*words, folder=folder)
            text = seen.decode("utf-8").replace("\r\n", "\n")
            bad = [c for c in text if c != "\n" and (c < " " or "\u007f" <= c < "\u00a0")]
            assert not bad and not set("\u202e\u2066\u2028") & set(text), (words, seen)
            assert 0 <= code < 128 and text.strip(), (words, code, seen)

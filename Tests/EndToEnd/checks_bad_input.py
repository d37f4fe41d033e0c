"""Sessions, sizes, data and places that do not do."""

import json
import os

from support import ROOT, as_nobody, check, letters, lines, parse, refused, words

HUGE = ["--set", "lstm.hidden_size=65536", "--set", "data.batch_size=512"]


@check
def a_missing_session_is_no_input(program, folder):
    for command in (["train", "--headless"], ["summary"]):
        refused(program(*command, "missing.json", folder=folder), 66, "missing.json")
        refused(program(*command, folder, folder=folder), 66, "is a folder, not a file")
    os.mkfifo(folder / "pipe.json")
    refused(program("summary", "pipe.json", folder=folder, timeout=10), 66, "pipe.json")


@check
def a_broken_session_is_bad_data(program, folder):
    broken = {
        "": "line 1, column 1: a value is expected",
        '{"format": 1,\n  "model": [}': "line 2, column 13: a value is expected, got '}'.",
        "{}": "format needs a whole number, got nothing.",
        '{"format": 9, "new": 1}': "This program reads session format 1, got 9. Use a newer",
        '{"format": 1, "modell": []}': "Unknown key 'modell' in the document. Did you mean 'model'",
        '{"format": 1, "model": [{"layer": "lstn"}]}': "Unknown layer 'lstn'. Did you mean 'lstm'?",
        '{"format": 1, "model": [{"layer": "gru", "hidden_size": 0}]}': "got '0'.",
        '{"format": 1, "model": []}': "The model needs at least one layer, got none. Add one.",
        "[" * 100_000: "at most 64 levels deep",
        '{"format": 1, "seed": 1e400}': "is too large for a number",
    }
    for text, sentence in broken.items():
        (folder / "s.json").write_text(text)
        refused(program("train", "--headless", "s.json", folder=folder), 65, sentence)
        if '"model": []' not in text:
            refused(program("summary", "--json", "s.json", folder=folder), 65, sentence)
    (folder / "s.json").write_bytes(b"\xff\xfe{")
    refused(program("summary", "s.json", folder=folder), 65, "line 1, column 1")
    with open(folder / "large.json", "wb") as file:
        file.truncate(17 << 20)
    refused(program("summary", "large.json", folder=folder), 65, "may have at most 16777216")
    assert not (folder / "runs").exists()


@check
def a_model_that_does_not_fit_says_why(program, folder):
    misfits = {
        "data.set=pendigits": "Layer 'embedding': embedding needs ids [batch, time], got [B, T, 2]",
        "linear.out_features=79": "a score for each of 80 characters, got [B, T, 79]",
    }
    for setting, sentence in misfits.items():
        refused(program("train", "--headless", "--set", setting, folder=folder), 65, sentence)
        done = program("summary", "--json", "--set", setting, folder=folder)
        assert done.code == 65 and sentence in parse(done.out)["error"], done
        done = program("summary", "--set", setting, folder=folder)
        assert done.code == 65 and sentence in done.out, done


@check
def absurd_sizes_are_refused_before_anything_is_allocated(program, folder):
    for memory in (None, 4 << 30):
        done = program("train", "--headless", *HUGE, folder=folder, memory=memory)
        refused(done, 65, "This model needs about ", "are free. Lower hidden_size")
        done = program("summary", "--json", *HUGE, folder=folder, memory=memory)
        assert done.code == 65 and "This model needs about" in parse(done.out)["error"], done
        assert parse(done.out)["training_bytes"] > 1 << 36
    done = program(
        "train", "--headless", "--set", "data.batch_size=65536", "--set",
        "data.sequence_length=65536", folder=folder)
    refused(done, 65, "A training step of 65,536 × 65,536 needs")


@check
def little_memory_is_a_sentence_and_never_a_crash(program, folder):
    """Whatever the limit on address space, training works or says what it needs.

    Below the first limit the bundled text alone does not fit.
    """
    outcomes = {}
    for megabytes in [*range(250, 1000, 50), 1200, 1600, 2000, 3000]:
        done = program(
            "train", "--headless", "--steps", "2", "--set", "training.validate_every=2",
            "--set", "data.batch_size=256", folder=folder, memory=megabytes << 20)
        outcomes[megabytes] = done
        if done.code == 0:
            break
    for megabytes, done in outcomes.items():
        assert done.code in (0, 65, 74), (megabytes, done)
        assert done.code == 0 or "memory" in done.err or "needs about" in done.err, done
    assert outcomes[max(outcomes)].code == 0, "never enough memory"


@check
def an_unknown_data_set_is_named(program, folder):
    done = program("summary", "--set", "data.set=shakespear", folder=folder)
    refused(done, 66, "Cannot read 'shakespear'", "Did you mean 'shakespeare'?")
    letters(folder)
    session = json.loads((folder / "letters.json").read_text())
    session["data"]["set"] = "/etc/hostname"
    (folder / "letters.json").write_text(json.dumps(session))
    done = program("train", "--headless", "letters.json", folder=folder)
    refused(done, 77, "File '/etc/hostname' lies outside the session's folder")
    session["data"]["set"] = "../../etc/hostname"
    (folder / "letters.json").write_text(json.dumps(session))
    refused(program("summary", "letters.json", folder=folder), 77, "lies outside")


@check
def a_text_of_the_user_is_found_from_where_they_are(program, folder):
    sessions, home = folder / "sessions", folder / "home"
    sessions.mkdir()
    home.mkdir()
    letters(sessions)
    (sessions / "text.txt").rename(home / "mine.txt")
    for path in ("mine.txt", home / "mine.txt", "../home/mine.txt"):
        setting = ["../sessions/letters.json", "--set", f"data.set={path}"]
        done = program("summary", *setting, "--json", folder=home)
        assert done.code == 0, done
        done = program("train", *setting, "--jsonl", "--steps", "2", folder=home)
        assert done.code == 0 and len(lines(done.out)) > 4, done
        sampled = program("sample", "last", "--length", "5", folder=home)
        assert sampled.code == 0, sampled
    letters(sessions)
    done = program("train", "sessions/letters.json", "--jsonl", "--steps", "2", folder=folder)
    assert done.code == 0, done
    sampled = program("sample", "last", "--length", "5", folder=folder)
    assert sampled.code == 0 and len(sampled.out) == 6, sampled
    run = next((folder / "runs").iterdir()).resolve()
    assert program("sample", run, folder=home).code == 0


@check
def texts_that_do_not_do_are_refused(program, folder):
    texts = {
        b"abc\nde\xff\xfeg" * 20: (65, "needs UTF-8, got byte 0xFF at line 2, column 3."),
        b"short": (65, "needs at least 40 characters, got 5."),
        b"": (65, "needs at least 40 characters, got 0."),
        b"ab" * 30: (65, "needs 4,096 characters, got 53 in the training part."),
    }
    for data, (code, sentence) in texts.items():
        (folder / "t.txt").write_bytes(data)
        for command in (["summary"], ["train", "--headless"]):
            done = program(*command, "--set", "data.set=t.txt", folder=folder)
            refused(done, code, sentence)
    refused(program("summary", "--set", "data.set=.", folder=folder), 66, "is a folder")
    refused(program("summary", "--set", "data.set=/dev/zero", folder=folder, timeout=10), 66)


@check
def a_folder_that_cannot_be_written_to(program, folder):
    prefix = as_nobody(folder)
    (folder / "text.txt").write_text(words())
    letters(folder)
    folder.chmod(0o555)
    train = ["train", "letters.json", "--jsonl", "--steps", "3"]
    done = program(*train, folder=folder, prefix=prefix)
    assert done.code == 0, done
    assert "warning: Nothing of this run is saved: Cannot create" in done.err, done
    assert sum(line["event"] == "step" for line in lines(done.out)) == 3
    done = program(*train, "--run", "new", folder=folder, prefix=prefix)
    refused(done, 73, "The run needs a folder 'new' to write to, got none: Permission denied.")
    folder.chmod(0o755)
    (folder / "old").mkdir()
    (folder / "old").chmod(0o555)
    done = program(*train, "--run", "old", folder=folder, prefix=prefix)
    refused(done, 77, "Cannot lock folder 'old': Permission denied.")
    (folder / "letters.json").chmod(0)
    refused(program("summary", "letters.json", folder=folder, prefix=prefix), 77, "letters.json")
    (folder / "old").chmod(0o755)


@check
def a_run_needs_a_folder(program, folder):
    letters(folder)
    reasons = {"": "No such file", "letters.json": "File exists", "text.txt/run": "Not a directory"}
    for path, reason in reasons.items():
        done = program("train", "letters.json", "--headless", "--run", path, folder=folder)
        sentence = f"The run needs a folder '{path}' to write to, got none: {reason}"
        refused(done, 73, sentence, "Choose another one with --run.")


@check
def a_home_that_is_not_there_does_not_matter(program, folder):
    letters(folder)
    (folder / "file").write_text("")
    for env in ({"HOME": ""}, {"XDG_STATE_HOME": str(folder / "file")}, {"HOME": "/nowhere"}):
        done = program(
            "train", "letters.json", "--headless", "--steps", "2", folder=folder, env=env)
        assert done.code == 0, done


@check
def the_example_sessions_are_shown(program, folder):
    for session in sorted((ROOT / "sessions").iterdir()):
        done = program("summary", "--json", session, folder=folder)
        assert done.code == 0 and parse(done.out)["error"] is None, done
    assert not (folder / "runs").exists()

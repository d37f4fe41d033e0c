"""Signals while a run goes on, and two processes on one run."""

import signal
import threading

from support import check, letters, lines, losses, refused

LONG = ["--set", "training.steps=100000000"]


def begin(program, folder, *options, ignoring=()):
    """A run of many steps that has done a few of them; the process and what it said so far."""
    process = program.start(
        "train", "letters.json", "--jsonl", *options, folder=folder, ignoring=ignoring)
    return process, read_until(process, lambda event: event.get("step", 0) >= 12)


def read_until(process, is_there):
    """Events up to the first one that is awaited."""
    events = []
    for line in process.stdout:
        events += lines(line)
        if is_there(events[-1]):
            return events
    raise AssertionError(f"never seen, but {events[-3:]} and {process.stderr.read()}")


def finish(process, seconds=60):
    """What was said until the end, and on standard error, and the status."""
    watchdog = threading.Timer(seconds, process.kill)
    watchdog.start()
    try:
        # Not communicate(), which forgets what the loops above have read ahead.
        out, err = process.stdout.read(), process.stderr.read()
        return lines(out), err, process.wait()
    finally:
        watchdog.cancel()


@check
def an_interrupted_run_goes_on_to_the_same_losses(program, folder):
    letters(folder)
    size = ["--set", "training.steps=4000"]
    whole = lines(program("train", "letters.json", "--jsonl", *size, folder=folder).out)
    process, first = begin(program, folder, *size, "--run", "r")
    process.send_signal(signal.SIGINT)
    rest, err, code = finish(process)
    first += rest
    assert code == 130 and first[-1] == {
        "schema": 1, "event": "finished", "step": losses(first)[-1][0], "stopped": True
    }, (code, err, first[-1])
    assert "finishing the step and saving; once more to leave without" in err, err
    assert "saved ckpt-" in err and "stopped after step" in err, err
    stopped = losses(first)[-1][0]
    assert 12 <= stopped < 4000
    assert (folder / "r" / f"ckpt-{stopped:08}.safetensors").exists()

    done = program("train", "letters.json", "--jsonl", *size, "--run", "r", folder=folder)
    assert done.code == 0, done
    second = lines(done.out)
    assert losses(first) + losses(second) == losses(whole)
    final = [event for event in second if event["event"] == "validation"][-2:]
    assert final == [event for event in whole if event["event"] == "validation"][-2:]


@check
def every_signal_has_its_status(program, folder):
    letters(folder)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        process, _ = begin(program, folder, *LONG, "--run", f"r{number}")
        process.send_signal(number)
        events, err, code = finish(process, seconds=10)
        assert code == 128 + number and events[-1]["stopped"], (code, err)
        assert list((folder / f"r{number}").glob("ckpt-*")), err


@check
def a_second_signal_leaves_at_once(program, folder):
    letters(folder)
    # Steps that take long enough for the second signal to come in the middle of one.
    slow = ["--set", "gru.hidden_size=1500", "--set", "data.sequence_length=400"]
    process = program.start("train", "letters.json", "--jsonl", *LONG, *slow, folder=folder)
    read_until(process, lambda event: event["event"] == "started")
    process.send_signal(signal.SIGTERM)
    while "once more" not in process.stderr.readline():
        pass
    process.send_signal(signal.SIGINT)
    _, err, code = finish(process, seconds=10)
    assert code == 130 or (code == 143 and "stopped after" in err), (code, err)


@check
def what_nohup_ignores_is_ignored(program, folder):
    letters(folder)
    process, _ = begin(program, folder, *LONG, ignoring=[signal.SIGHUP])
    process.send_signal(signal.SIGHUP)
    read_until(process, lambda event: event.get("step", 0) >= 200)
    process.send_signal(signal.SIGTERM)
    events, err, code = finish(process)
    assert code == 143 and events[-1]["step"] >= 200, (code, err)


@check
def a_run_saves_when_asked_and_goes_on(program, folder):
    letters(folder, validate_every=1_000_000_000)
    process, _ = begin(program, folder, *LONG, "--run", "r")
    for _ in range(3):
        process.send_signal(signal.SIGUSR1)
        saved = read_until(process, lambda event: event["event"] == "checkpoint")[-1]
        assert (folder / "r" / saved["file"]).exists()
        read_until(process, lambda event: event.get("step", 0) > saved["step"] + 3)
    process.send_signal(signal.SIGINT)
    events, err, code = finish(process)
    assert code == 130 and events[-1]["step"] > saved["step"], (code, err)


@check
def a_run_has_one_process(program, folder):
    letters(folder)
    process, _ = begin(program, folder, *LONG, "--run", "r")
    second = program("train", "letters.json", "--headless", "--run", "r", folder=folder)
    refused(
        second, 75,
        f"Run 'r' is in use by process {process.pid}. Stop it, or choose another run.")
    process.send_signal(signal.SIGTERM)
    assert finish(process)[2] == 143
    done = program(
        "train", "letters.json", "--headless", "--run", "r", "--steps", "1", folder=folder)
    assert done.code == 0, done


@check
def a_killed_run_goes_on_from_its_last_checkpoint(program, folder):
    letters(folder)
    size = ["--set", "training.steps=400", "--set", "training.checkpoint_every=20"]
    whole = losses(lines(program("train", "letters.json", "--jsonl", *size, folder=folder).out))
    for _ in range(3):
        process, _ = begin(program, folder, *size, "--run", "r")
        process.kill()
        finish(process)
        newest = max((folder / "r").glob("ckpt-*"), default=None)
        if newest and int(newest.stem[5:]) >= 400:
            break
    done = program("train", "letters.json", "--jsonl", *size, "--run", "r", folder=folder)
    assert done.code == 0, done
    rest = losses(lines(done.out))
    assert rest == whole[len(whole) - len(rest):]
    assert not [path for path in (folder / "r").iterdir() if path.name.endswith(".tmp")]

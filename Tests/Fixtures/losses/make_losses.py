"""Makes the reference numbers of losses and metrics: python3 make_losses.py

Inputs are Float32; PyTorch computes in Float64 from them, scikit-learn in Float64. Where a loss has
one number a row, rows are weighted: L = sum w l / sum w.

Made with torch 2.13.0, scikit-learn 1.9.1 and safetensors 0.8.0. Nothing of the product needs any.
"""

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from sklearn import metrics
from torch.nn import functional as F

FOLDER = Path(__file__).parent


def draw(generator, *shape, bound=1.0):
    """Float32 numbers from U(-bound, bound), as Float64."""
    return ((torch.rand(*shape, generator=generator) * 2 - 1) * bound).double()


def write(name, tensors):
    tensors = {
        key: torch.as_tensor(value).detach().float().contiguous() for key, value in tensors.items()
    }
    save_file(tensors, FOLDER / f"{name}.safetensors", metadata={"format": "pt"})


def weighted(rows, weights):
    return (rows * weights).sum() / weights.sum()


def losses():
    found = {}

    def keep(name, compute, **inputs):
        """The loss of `inputs` and its gradients, under `name`."""
        inputs = {key: value.clone().requires_grad_() for key, value in inputs.items()}
        loss = compute(**inputs)
        loss.backward()
        found[f"{name}.loss"] = loss
        for key, value in inputs.items():
            found[f"{name}.{key}"] = value
            found[f"{name}.grad.{key}"] = value.grad

    g = torch.Generator().manual_seed(60)
    logits, classes = draw(g, 9, 7, bound=6), torch.randint(0, 7, (9,), generator=g)
    weights = torch.tensor([1, 0.5, 0, 2, 1, 0, 0.25, 1, 3]).double()
    found |= {"classes": classes, "weights": weights}
    keep("smoothing", lambda z: weighted(
        F.cross_entropy(z, classes, reduction="none", label_smoothing=0.1), weights), z=logits)

    def focal(z, gamma):
        log_p = F.log_softmax(z, -1).gather(-1, classes[:, None])[:, 0]
        return weighted(-((1 - log_p.exp()) ** gamma) * log_p, weights)

    keep("focal", lambda z: focal(z, 2.0), z=logits)
    keep("focal_half", lambda z: focal(z, 0.5), z=logits)

    y, t = draw(g, 9, 3, bound=3), draw(g, 9, 3, bound=3)
    flags = (draw(g, 9, 3) > 0).double()
    found |= {"t": t, "flags": flags}

    def mean(rows):
        return weighted(rows.mean(-1), weights)

    keep("mse", lambda y: mean(F.mse_loss(y, t, reduction="none")), y=y)
    keep("mae", lambda y: mean(F.l1_loss(y, t, reduction="none")), y=y)
    keep("huber", lambda y: mean(F.huber_loss(y, t, reduction="none", delta=0.7)), y=y)
    keep("bce", lambda y: mean(
        F.binary_cross_entropy_with_logits(y, flags, reduction="none")), y=y)

    shares = F.softmax(draw(g, 9, 7, bound=3), -1)
    shares[0] = F.one_hot(torch.tensor(4), 7)  # 0 log 0 = 0
    shares = shares.float().double()
    found["shares"] = shares
    keep("kl", lambda z: weighted(
        F.kl_div(F.log_softmax(z, -1), shares, reduction="none").sum(-1), weights), z=logits)

    a, b, c = (draw(g, 9, 4) for _ in range(3))
    similar = (draw(g, 9) > 0).double()
    found["similar"] = similar

    def contrastive(a, b):
        d = F.pairwise_distance(a, b, eps=0)
        return weighted((similar * d**2 + (1 - similar) * F.relu(1.2 - d) ** 2) / 2, weights)

    keep("contrastive", contrastive, a=a, b=b)
    keep("triplet", lambda a, b, c: weighted(F.triplet_margin_loss(
        a, b, c, margin=0.3, eps=0, reduction="none"), weights), a=a, b=b, c=c)
    keep("info_nce", lambda a, b: weighted(F.cross_entropy(
        F.normalize(a) @ F.normalize(b).T / 0.2, torch.arange(9), reduction="none"), weights),
        a=a, b=b)
    keep("cosine", lambda a, b: weighted(F.cosine_similarity(a, b), weights), a=a, b=b)

    # Over the pairs and triplets of a batch; the class of the last point is there once, and the one
    # before it does not count.
    labels = torch.tensor([0, 0, 1, 1, 1, 2, 2, 0, -1, 3])
    found["labels"] = labels
    points = draw(g, 10, 4)
    rows = [i for i in range(10) if labels[i] >= 0]

    def distance(x, i, j):
        return (x[i] - x[j]).norm()

    def all_pairs(x):
        pairs = [(i, j) for i in rows for j in rows if i < j]
        terms = [distance(x, i, j) ** 2 if labels[i] == labels[j]
                 else F.relu(1.2 - distance(x, i, j)) ** 2 for i, j in pairs]
        return sum(terms) / len(pairs) / 2

    def triplets(x, a):
        near = [distance(x, a, p) for p in rows if p != a and labels[p] == labels[a]]
        far = [distance(x, a, n) for n in rows if labels[n] != labels[a]]
        return near, far

    def batch_hard(x):
        terms = [F.relu(max(near) - min(far) + 0.3)
                 for near, far in (triplets(x, a) for a in rows) if near and far]
        return sum(terms) / len(terms)

    def batch_all(x):
        terms = [p - n + 0.3 for near, far in (triplets(x, a) for a in rows)
                 for p in near for n in far]
        active = [term for term in terms if term > 0]
        return sum(active) / len(active)

    def supervised(x):
        scores = F.normalize(x) @ F.normalize(x).T / 0.2
        terms = []
        for i in rows:
            others = [j for j in rows if j != i]
            same = [j for j in others if labels[j] == labels[i]]
            if same:
                total = torch.logsumexp(scores[i, others], 0)
                terms.append(sum(total - scores[i, p] for p in same) / len(same))
        return sum(terms) / len(terms)

    keep("batch_contrastive", all_pairs, x=points)
    keep("batch_hard", batch_hard, x=points)
    keep("batch_all", batch_all, x=points)
    keep("supervised", supervised, x=points)
    write("losses", found)


def scores():
    """What scikit-learn says of weighted predictions; rows without weight are not among them."""
    g = torch.Generator().manual_seed(61)
    rows = 60
    weights = torch.randint(0, 4, (rows,), generator=g).double() / 2
    kept = weights.numpy() > 0
    w = weights.numpy()[kept]
    found = {"weights": weights}

    classes = torch.randint(0, 6, (rows,), generator=g)  # class 6 never occurs
    logits = draw(g, rows, 7, bound=2) + F.one_hot(classes, 7) * 1.5
    logits = logits.float().double()
    y, z = classes.numpy()[kept], logits.numpy()[kept]
    predicted, p = z.argmax(1), F.softmax(torch.as_tensor(z), -1).numpy()
    entropy = metrics.log_loss(y, p, sample_weight=w, labels=range(7))
    found |= {
        "classes": classes, "logits": logits,
        "classes.accuracy": metrics.accuracy_score(y, predicted, sample_weight=w),
        "classes.top5_accuracy": metrics.top_k_accuracy_score(
            y, z, k=5, sample_weight=w, labels=range(7)),
        "classes.macro_f1": metrics.f1_score(y, predicted, average="macro", sample_weight=w),
        "classes.bits_per_character": entropy / np.log(2),
        "classes.perplexity": np.exp(entropy),
        "classes.confusion": metrics.confusion_matrix(
            y, predicted, labels=range(7), sample_weight=w),
    }

    flags = (draw(g, rows, 3) > 0.2).double()
    # Rounded, so that many scores are equal.
    marks = ((draw(g, rows, 3, bound=2) + flags) * 2).round() / 2 + 0.25
    f, m = flags.numpy()[kept], marks.numpy()[kept]

    def each(measure):
        return np.mean([measure(f[:, k], m[:, k], sample_weight=w) for k in range(3)])

    found |= {
        "flags": flags, "marks": marks,
        "flags.accuracy": each(lambda f, m, **k: metrics.accuracy_score(f, m > 0, **k)),
        "flags.macro_f1": each(lambda f, m, **k: metrics.f1_score(f, m > 0, **k)),
        "flags.auroc": each(metrics.roc_auc_score),
        "flags.auprc": each(metrics.average_precision_score),
        "two.auroc": metrics.roc_auc_score(f[:, 0], m[:, 0], sample_weight=w),
        "two.auprc": metrics.average_precision_score(f[:, 0], m[:, 0], sample_weight=w),
    }

    values, outputs = draw(g, rows, 2, bound=2), draw(g, rows, 2, bound=2)
    scale, shift = np.array([2.5, 0.5]), np.array([-20.0, 3.0])  # Quantity: mean + deviation x
    v, o = (tensor.numpy()[kept] * scale + shift for tensor in (values, outputs))
    found |= {
        "values": values, "outputs": outputs,
        "values.rmse": metrics.root_mean_squared_error(v, o, sample_weight=w),
        "values.mae": metrics.mean_absolute_error(v, o, sample_weight=w),
        "values.mse": metrics.mean_squared_error(v, o, sample_weight=w),
    }
    write("metrics", found)


if __name__ == "__main__":
    torch.set_num_threads(1)
    losses()
    scores()
    for path in sorted(FOLDER.glob("*.safetensors")):
        print(f"{path.stat().st_size:8} {path.name}")

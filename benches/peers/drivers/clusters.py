"""What the drivers share: documents in, clusters out.

An answer is a file with one cluster a line: the numbers of its documents, counted from 0 in the order of the corpus,
parted by blanks. Documents without a relative are left out.
"""

from itertools import accumulate

import orjson


def read_texts(path):
    """The texts of a JSON Lines file, in its order."""
    with open(path, "rb") as file:
        return [orjson.loads(line)["text"] for line in file]


def shingles(text):
    """The 5-word sequences of a text, in lower case and parted at blanks, as the examples of the tools do it.

    Cut out of the text rather than joined word by word: three times as fast.
    """
    words = text.lower().split()
    text = " ".join(words)
    starts = list(accumulate(map(len, words), lambda start, length: start + length + 1, initial=0))
    return [text[start : end - 1] for start, end in zip(starts, starts[5:])]


class Clusters:
    """Disjoint sets of documents, joined pair by pair."""

    def __init__(self):
        self.parents = {}

    def find(self, document):
        root = document
        while (parent := self.parents.setdefault(root, root)) != root:
            root = parent
        while (parent := self.parents[document]) != root:
            self.parents[document] = root
            document = parent
        return root

    def join(self, left, right):
        left, right = self.find(left), self.find(right)
        self.parents[max(left, right)] = min(left, right)

    def write(self, path):
        members = {}
        for document in sorted(self.parents):
            members.setdefault(self.find(document), []).append(document)
        with open(path, "w", encoding="ascii") as file:
            for cluster in members.values():
                if len(cluster) > 1:
                    print(*cluster, file=file)

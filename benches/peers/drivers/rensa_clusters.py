"""Clusters with rensa: its batch sketches, its LSH index asked for all documents at once.

Follows the README (https://github.com/beowolx/rensa) and the doc strings of `RMinHashLSH`. What shares a band is taken
for a duplicate, as the index's own duplicate flags do. The rho sketches are faster, but only for those who ask which
documents have a relative and not which; and they find half of them here.
"""

import sys

from clusters import Clusters, read_texts, shingles
from rensa import RMinHash, RMinHashLSH


def main(corpus, answer, num_perm, bands):
    texts = read_texts(corpus)
    sketches = RMinHash.from_token_sets(map(shingles, texts), num_perm=int(num_perm), seed=42)
    index = RMinHashLSH(threshold=0.8, num_perm=int(num_perm), num_bands=int(bands))
    index.insert_many(sketches)
    clusters = Clusters()
    for document, similar in enumerate(index.query_all(sketches)):
        for other in similar:
            if other < document:
                clusters.join(document, other)
    clusters.write(answer)


main(*sys.argv[1:])

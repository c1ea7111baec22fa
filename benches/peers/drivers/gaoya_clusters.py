"""Clusters with gaoya: `MinHashStringIndex`, which cuts words and shingles itself, filled and asked in bulk.

Follows the README and the doc strings of `gaoya.minhash` (https://github.com/serega/gaoya). The index compares the
sketches of what shares a band with the threshold before it answers.
"""

import sys

from clusters import Clusters, read_texts
from gaoya.minhash import MinHashStringIndex


def main(corpus, answer, bands, band_size):
    texts = read_texts(corpus)
    index = MinHashStringIndex(
        hash_size=32,
        jaccard_threshold=0.8,
        num_bands=int(bands),
        band_size=int(band_size),
        analyzer="word",
        lowercase=True,
        ngram_range=(5, 5),
        id_container="smallvec",
    )
    index.par_bulk_insert_docs(list(range(len(texts))), texts)
    clusters = Clusters()
    for document, similar in enumerate(index.par_bulk_query(texts)):
        for other in similar:
            if other < document:
                clusters.join(document, other)
    clusters.write(answer)


main(*sys.argv[1:])

"""Clusters with datasketch: `MinHash.generator` and `MinHashLSH`, asked before each insertion.

Follows https://ekzhu.com/datasketch/minhash.html and https://ekzhu.com/datasketch/lsh.html. The weight of false
negatives is the documentation's way to more recall: with equal weights an eighth of the pairs is missed here.
"""

import sys

from clusters import Clusters, read_texts, shingles
from datasketch import MinHash, MinHashLSH


def main(corpus, answer, num_perm, false_negatives):
    missed = float(false_negatives)
    index = MinHashLSH(threshold=0.8, num_perm=int(num_perm), weights=(1 - missed, missed))
    documents = ([shingle.encode() for shingle in shingles(text)] for text in read_texts(corpus))
    clusters = Clusters()
    for document, sketch in enumerate(MinHash.generator(documents, num_perm=int(num_perm))):
        for other in index.query(sketch):
            clusters.join(document, other)
        index.insert(document, sketch, check_duplication=False)
    clusters.write(answer)


main(*sys.argv[1:])

"""Clusters with datatrove: the first three stages of its MinHash pipeline, one worker.

Follows https://github.com/huggingface/datatrove/blob/main/examples/minhash_deduplication.py, with the faster of its
two hash functions. The fourth stage writes the documents that are kept and is left out.
"""

import struct
import sys
import tempfile
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.readers import JsonlReader
from datatrove.utils.hashing import HashConfig
from datatrove.utils.typeshelper import Languages


def main(corpus, answer, buckets, hashes):
    corpus = Path(corpus)
    config = MinhashConfig(
        n_grams=5,
        num_buckets=int(buckets),
        hashes_per_bucket=int(hashes),
        hash_config=HashConfig(hash_fc="xxhash", precision=64),
    )
    with tempfile.TemporaryDirectory() as folder:
        signatures, matches, clustered = (f"{folder}/{stage}" for stage in ("signatures", "matches", "clusters"))
        reader = JsonlReader(str(corpus.parent), glob_pattern=corpus.name)
        stages = [
            ([reader, MinhashDedupSignature(signatures, config, language=Languages.english)], 1),
            ([MinhashDedupBuckets(signatures, matches, config=config)], config.num_buckets),
            ([MinhashDedupCluster(matches, clustered, config=config, save_cluster_id=True)], 1),
        ]
        for number, (pipeline, tasks) in enumerate(stages):
            LocalPipelineExecutor(pipeline, tasks=tasks, workers=1, logging_dir=f"{folder}/logs/{number}").run()
        pairs = struct.iter_unpack("<2I", Path(clustered, "000000.clusters").read_bytes())
        clusters = {}
        for document, cluster in pairs:
            clusters.setdefault(cluster, []).append(document)
    with open(answer, "w", encoding="ascii") as file:
        for cluster in clusters.values():
            print(*cluster, file=file)


main(*sys.argv[1:])

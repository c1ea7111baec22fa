"""Clusters with text-dedup: its own command line, `python -m text_dedup.minhash`.

Follows the README (https://github.com/ChenghaoMou/text-dedup). `--debug` keeps the disjoint sets, from which the
clusters are read; the hash is the one that its help calls faster, in 32 bits.
"""

import os
import pickle
import subprocess
import sys
import tempfile


def main(corpus, answer, num_perm, bands, rows):
    with tempfile.TemporaryDirectory() as folder:
        options = {
            "--path": "json",
            "--data_files": corpus,
            "--split": "train",
            "--cache_dir": f"{folder}/cache",
            "--output": f"{folder}/output",
            "--column": "text",
            "--batch_size": "10000",
            "--ngram": "5",
            "--threshold": "0.8",
            "--num_perm": num_perm,
            "--b": bands,
            "--r": rows,
            "--hash_func": "xxh3",
            "--hash_bits": "32",
        }
        command = [sys.executable, "-m", "text_dedup.minhash", "--debug"]
        command += [word for option in options.items() for word in option]
        environment = {**os.environ, "HF_HOME": f"{folder}/home", "HF_DATASETS_OFFLINE": "1"}
        subprocess.run(command, check=True, env=environment)
        with open(f"{folder}/output/uf.pkl", "rb") as file:
            sets = pickle.load(file)
    clusters = {}
    for document in sorted(sets.parent):
        clusters.setdefault(sets.find(document), []).append(document)
    with open(answer, "w", encoding="ascii") as file:
        for cluster in clusters.values():
            print(*cluster, file=file)


main(*sys.argv[1:])

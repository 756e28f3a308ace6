"""What is asked of keyark, and whether it holds."""

# Which instructions keyark uses, the plainest first.
PATHS = ["portable", "neon", "avx2", "avx512", "avx512ifma"]

# work: {peer: how many times the peer's time keyark may not fall below, from which instructions on}.
RATIOS = {
    "words to seed": {"pbkdf2 + sha2": {"portable": 1.0}},
    "seed to key m/44'/60'/0'/0/0": {"bip32": {"portable": 1.0}, "bitcoin": {"portable": 1.0}},
    "xpub to child public key": {"bitcoin": {"portable": 1.0}, "bip32": {"portable": 1.0}},
    "seed to key pair m/44'/501'/0'/0'": {"solana-keypair": {"portable": 4.0}},
    "64 phrases to seeds": {"pbkdf2 + sha2": {"avx2": 1.7, "avx512": 5.5}},
    "64 phrases to Ethereum addresses": {
        "pbkdf2 + sha2 + bip32": {"avx512": 5.0},
        "pbkdf2 + sha2 + bitcoin": {"avx512": 5.0},
        "alloy": {"avx512": 5.0},
    },
    "1,024 seeds to Solana addresses": {"solana-keypair": {"portable": 8.0}},
    "xpub to 100,000 addresses (P2WPKH)": {"bitcoin": {"portable": 8.0}},
}

# How many times faster two cores are than one.
TWO_CORES = {"search for a wrong word of 12": 1.9, "xpub to 100,000 addresses (P2WPKH)": 1.9}
# How many times the memory of a short list a long one may take.
MEMORY = 1.05
# Unknown words: seconds, and from which instructions on.
SECONDS = {1: (0.2, "portable"), 2: (60, "avx512")}


def ratio(work, peer, path):
    """The bar for keyark with these instructions, or None."""
    bars = RATIOS.get(work, {}).get(peer, {})
    return next((bars[known] for known in reversed(PATHS[: PATHS.index(path) + 1]) if known in bars), None)


def seconds(unknown, path):
    """The bar for so many unknown words with these instructions, or None."""
    most, since = SECONDS[unknown]
    return most if PATHS.index(path) >= PATHS.index(since) else None

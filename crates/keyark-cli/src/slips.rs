//! Secrets that were given where a name belongs: no error repeats them.

/// `text` without those of the program's arguments that look like words or a key, and whether there were any. It is the
/// likeliest slip of all to give a secret where the name of its file belongs, and an error must not repeat it.
pub(crate) fn without_secrets(text: &str) -> (String, bool) {
    let mut cleaned = text.to_owned();
    for argument in std::env::args().skip(1) {
        let value = argument.split_once('=').map_or(argument.as_str(), |(_, value)| value);
        if looks_like_a_secret(value) {
            cleaned = cleaned.replace(value, "(not repeated)");
        }
    }
    let slipped = cleaned != text;
    (cleaned, slipped)
}

/// Several words in a row, or a long run of digits and letters without a word's or a path's marks.
fn looks_like_a_secret(value: &str) -> bool {
    const SHORTEST_KEY: usize = 43; // 32 bytes in base58
    let is_key = |piece: &str| {
        let digits = piece.trim_start_matches("0x");
        let is_public = digits.get(1..4) == Some("pub"); // xpub, zpub
        digits.len() >= SHORTEST_KEY && !is_public && digits.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    value.split_whitespace().count() >= 6 || value.split(['/', ' ', '.', '-', '_', ',']).any(is_key)
}

#[cfg(test)]
mod tests {
    use super::looks_like_a_secret;

    #[test]
    fn words_and_keys_look_like_secrets_and_names_do_not() {
        for secret in [
            "abandon abandon abandon abandon abandon about",
            "0x1ab42cc412b618bdea3a599e3c9bae199ebf030895b039e9db1e30dafb12b727",
            "KyZpNDKnfs94vbrwhJneDi77V6jF64PWPF8x5cdJb8ifgg2DUc9d",
            "1ab42cc412b618bdea3a599e3c9bae199ebf030895b039e9db1e30dafb12b727/out.json",
        ] {
            assert!(looks_like_a_secret(secret), "{secret}");
        }
        for name in
            ["words.txt", "my folder/with words.txt", "0x9858EfFD232B4033E47d90003D41EC34EcaEda94", "m/44'/60'/0'/0/0"]
        {
            assert!(!looks_like_a_secret(name), "{name}");
        }
    }
}

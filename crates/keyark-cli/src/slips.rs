//! Secrets that were given where a name belongs: no error repeats them.

/// `text` without those of the program's arguments that look like words or a key, and whether there were any. It is the
/// likeliest slip of all to give a secret where the name of its file belongs, and an error must not repeat it.
pub(crate) fn without_secrets(text: &str) -> (String, bool) {
    const INSTEAD: &str = "(not repeated)";
    let mut cleaned = text.to_owned();
    for argument in std::env::args_os().skip(1) {
        let argument = argument.to_string_lossy();
        for secret in secrets_in(&argument) {
            cleaned = cleaned.replace(secret, INSTEAD);
        }
    }
    let slipped = cleaned != text;
    (cleaned, slipped)
}

/// The parts of an argument that look like secrets: several words in a row, or a long run of digits and letters.
fn secrets_in(argument: &str) -> Vec<&str> {
    const FEWEST_WORDS: usize = 6;
    const SHORTEST_KEY: usize = 43; // 32 bytes in base58
    let value = argument.split_once('=').map_or(argument, |(_, value)| value);
    if value.split_whitespace().count() >= FEWEST_WORDS {
        return vec![value];
    }
    let is_public = |piece: &str| piece.get(1..4) == Some("pub"); // xpub, zpub
    let is_key = |piece: &&str| piece.len() >= SHORTEST_KEY && !is_public(piece);
    value.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(is_key).collect()
}

#[cfg(test)]
mod tests {
    use super::secrets_in;

    #[test]
    fn words_and_keys_look_like_secrets_and_names_do_not() {
        for secret in [
            "abandon abandon abandon abandon abandon about",
            "0x1ab42cc412b618bdea3a599e3c9bae199ebf030895b039e9db1e30dafb12b727",
            "KyZpNDKnfs94vbrwhJneDi77V6jF64PWPF8x5cdJb8ifgg2DUc9d",
            "1ab42cc412b618bdea3a599e3c9bae199ebf030895b039e9db1e30dafb12b727/out.json",
        ] {
            assert!(!secrets_in(secret).is_empty(), "{secret}");
        }
        for name in
            ["words.txt", "my folder/with words.txt", "0x9858EfFD232B4033E47d90003D41EC34EcaEda94", "m/44'/60'/0'/0/0"]
        {
            assert!(secrets_in(name).is_empty(), "{name}");
        }
    }
}

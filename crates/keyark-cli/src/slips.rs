//! Secrets that were given where a name belongs: no error repeats them.

use keyark::phrase::Language;

/// Whether an argument that looks like words or a key is repeated, whole or in part, in any of the `texts`. It is the likeliest
/// slip of all to give a secret where the name of its file belongs.
pub(crate) fn repeated_in(texts: &[&str]) -> bool {
    let texts: String = texts.iter().map(|text| letters(text)).collect();
    let repeated = |argument: String| fragments(&argument).iter().any(|fragment| texts.contains(fragment));
    std::env::args_os().skip(1).any(|argument| repeated(argument.to_string_lossy().into_owned()))
}

/// What a text and an escaped, wrapped or cut form of it have in common: its letters and digits.
fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// The parts of an argument by which a secret in it is known again: its words, or a long run of letters.
fn fragments(argument: &str) -> Vec<String> {
    const FEWEST_WORDS: usize = 6;
    const FEWEST_IN_A_ROW: usize = 4; // names of folders are words too, but not with spaces between
    const MOST_TOKENS: usize = 64; // each is compared with every list
    const SHORTEST_KEY: usize = 43; // 32 bytes in base58
    const SHORTEST_UNSPACED: usize = 12; // Chinese words are a character each
    let value = argument.split_once('=').map_or(argument, |(_, value)| value);
    let words: Vec<_> = value.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    const FEWEST_NUMBERS: usize = 32; // an id.json array has 64
    if words.iter().filter(|word| word.bytes().all(|byte| byte.is_ascii_digit())).count() >= FEWEST_NUMBERS {
        return words.windows(4).map(<[&str]>::concat).collect();
    }
    let known = |word: &&&str| Language::ALL.iter().any(|language| language.word_list().contains(*word));
    let in_a_row =
        value.split([' ', '\t', '\n', '\r', ',']).take(MOST_TOKENS).filter(|token| is_damaged_word(token)).count();
    if words.iter().filter(known).count() >= FEWEST_WORDS || in_a_row >= FEWEST_IN_A_ROW {
        return words.iter().filter(|word| word.chars().count() > 2).map(|word| (*word).to_owned()).collect();
    }
    let is_public = |word: &&str| word.get(1..4) == Some("pub"); // xpub, zpub
    let is_unspaced = |word: &&str| !word.is_ascii() && word.chars().count() >= SHORTEST_UNSPACED;
    let is_secret = |word: &&str| (word.len() >= SHORTEST_KEY || is_unspaced(word)) && !is_public(word);
    // A key with marks for what cannot be read is as long as one without.
    let marked = value.split(|letter: char| !letter.is_alphanumeric() && letter != '?');
    marked.filter(is_secret).map(letters).collect()
}

/// Whether a part of a token is a word of a list, or has the first four letters of one: numbered, marked, cut or misspelt words
/// are as secret as others.
fn is_damaged_word(token: &str) -> bool {
    let is_like = |part: &str, word: &str| {
        let start = part.char_indices().nth(4).map_or(part, |(end, _)| part.get(..end).unwrap_or(part));
        word == part || (part.chars().count() >= 4 && word.starts_with(start))
    };
    let in_list = |part: &str| Language::ALL.iter().any(|list| list.word_list().iter().any(|word| is_like(part, word)));
    let part = |part: &str| !part.is_empty() && in_list(&part.to_lowercase());
    token.split(|letter: char| !letter.is_alphabetic()).any(part)
}

#[cfg(test)]
mod tests {
    use super::{fragments, letters};

    #[test]
    fn words_and_keys_look_like_secrets_and_names_do_not() {
        for secret in [
            "abandon abandon abandon abandon abandon about",
            "legal\nwinner\nthank\nyear\nwave\nsausage",
            "legal,winner,thank,year,wave,sausage",
            "1. legal 2. winner 3. thank 4. year 5. wave 6. sausage",
            "0x1ab42cc412b618bdea3a599e3c9bae199ebf030895b039e9db1e30dafb12b727",
            "KyZpNDKnfs94vbrwhJneDi77V6jF64PWPF8x5cdJb8ifgg2DUc9d",
            "1ab42cc412b618bdea3a599e3c9bae199ebf030895b039e9db1e30dafb12b727/out.json",
            "的的的的的的的的的的的在",
            "KzdFM1AbSD?L7xy7cLcw1zKYwdqfes91MYPCNYxP2TMRv5dz4PPw",
            "0x161bbc2e????2a1874??????2b3e2b3e2b3e2b3e2b3e2b3e2b3e2b3e2b3e2b3e",
            "satifi sience stov ros carg ? theori decad visi for fu peanu",
            "1.satisfy 2.science 3.stove 4.rose 5.cargo",
            "licen?e lic* license|lizard aban zoo",
        ] {
            assert!(!fragments(secret).is_empty(), "{secret}");
        }
        for name in [
            "words.txt",
            "my folder/with words.txt",
            "music/photo/garden/letter.txt",
            "0x9858EfFD232B4033????????1EC34EcaEda94",
            "0x9858EfFD232B4033E47d90003D41EC34EcaEda94",
            "m/44'/60'/0'/0/0",
            "UTC--2026-01-01T00-00-00.000Z--9858effd232b4033e47d90003d41ec34ecaeda94",
        ] {
            assert!(fragments(name).is_empty(), "{name}");
        }
    }

    #[test]
    fn an_escaped_or_broken_line_is_known_again() {
        let fragments = fragments("legal\nwinner\nthank\nyear\nwave\nsausage");
        for shown in ["there is no file legal\\nwinner\\nthank", "invalid value 'legal", "winner; thank; year"] {
            assert!(fragments.iter().any(|fragment| letters(shown).contains(fragment)), "{shown}");
        }
    }
}

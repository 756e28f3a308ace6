//! The search itself finds what it is for.

use super::*;

/// The search itself finds what it is for, also between bytes that are no text.
#[test]
fn the_search_finds_each_kind_of_secret() {
    let guarded = Guarded::new();
    let address = addresses().remove(0);
    let hex = key("ethereum", "hex");
    let secrets = [WORDS, PASSWORD, PASSPHRASE, &hex, &hex[20..], &"7f".repeat(16), &address, PRIVATE_NAME];
    std::fs::create_dir(guarded.home.vault()).unwrap();
    for secret in secrets {
        for file in [secret.as_bytes().to_vec(), [b"\xff\xfe", secret.as_bytes(), b"\x80"].concat()] {
            guarded.home.write("vault/file", file);
            let search = std::panic::AssertUnwindSafe(|| guarded.search(None, &[], "here"));
            assert!(std::panic::catch_unwind(search).is_err(), "{secret}");
        }
    }
}

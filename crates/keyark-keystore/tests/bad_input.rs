//! Files that must be refused, each with an error of its own, before anything is derived.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // helpers of tests, which the lints take for code

mod support;

use std::time::{Duration, Instant};

use keyark_core::{Error, ErrorKind};
use keyark_keystore::Keystore;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::data;

/// A good file, with scrypt.
fn base() -> Value {
    serde_json::from_str(&data("geth-aaa.json")).unwrap()
}

/// A good file, with PBKDF2.
fn pbkdf2() -> Value {
    serde_json::from_str(&data("official-pbkdf2.json")).unwrap()
}

fn refused(file: &Value) -> Error {
    let start = Instant::now();
    let error = Keystore::parse(&file.to_string()).unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(1), "something was derived");
    assert!(!error.remedy().is_empty());
    error
}

#[track_caller]
fn expect(file: &Value, kind: ErrorKind, problem: &str) {
    let error = refused(file);
    assert_eq!((error.kind(), error.problem()), (kind, problem));
}

#[test]
fn text_that_is_no_json_object() {
    for (text, problem) in [
        ("", "the file is empty"),
        (" \n", "the file is empty"),
        ("{", "the file is cut off: its JSON does not end"),
        ("{\"version\": 3, \"crypto\": {\"ciph", "the file is cut off: its JSON does not end"),
        ("0x1234", "the file is not JSON"),
        ("{'version': 3}", "the file is not JSON"),
        ("abandon abandon about", "the file is not JSON"),
        ("{} {}", "the file is not JSON"),
        ("[1,2,3]", "the file is JSON, but not a JSON object"),
        ("3", "the file is JSON, but not a JSON object"),
        ("null", "the file is JSON, but not a JSON object"),
    ] {
        let error = Keystore::parse(text).unwrap_err();
        assert_eq!((error.kind(), error.problem()), (ErrorKind::Malformed, problem), "{text}");
    }
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let whole = data("geth-aaa.json");
    let whole = whole.trim_end();
    for length in 1..whole.len() {
        let error = Keystore::parse(&whole[..length]).unwrap_err();
        assert_eq!(error.problem(), "the file is cut off: its JSON does not end", "at {length}");
    }
    Keystore::parse(whole).unwrap();
}

#[test]
fn a_file_that_is_too_long() {
    let error = Keystore::parse(&" ".repeat(65_537)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfBounds);
    assert_eq!(error.problem(), "the file has 65537 bytes, and a keystore has at most 65536");
    let padded = format!("{}{}", data("geth-aaa.json"), " ".repeat(60_000));
    Keystore::parse(&padded).unwrap();
}

#[test]
fn json_nested_a_thousand_deep() {
    let text = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    assert_eq!(Keystore::parse(&text).unwrap_err().problem(), "the file is not JSON");
}

#[test]
fn missing_fields_are_named() {
    for (pointer, field, name) in [
        ("", "version", "version"),
        ("", "crypto", "crypto"),
        ("/crypto", "cipher", "crypto.cipher"),
        ("/crypto", "cipherparams", "crypto.cipherparams"),
        ("/crypto/cipherparams", "iv", "crypto.cipherparams.iv"),
        ("/crypto", "ciphertext", "crypto.ciphertext"),
        ("/crypto", "kdf", "crypto.kdf"),
        ("/crypto", "kdfparams", "crypto.kdfparams"),
        ("/crypto/kdfparams", "dklen", "crypto.kdfparams.dklen"),
        ("/crypto/kdfparams", "n", "crypto.kdfparams.n"),
        ("/crypto/kdfparams", "r", "crypto.kdfparams.r"),
        ("/crypto/kdfparams", "p", "crypto.kdfparams.p"),
        ("/crypto", "mac", "crypto.mac"),
    ] {
        for replacement in [None, Some(Value::Null)] {
            let mut file = base();
            let object = file.pointer_mut(pointer).unwrap().as_object_mut().unwrap();
            object.remove(field).unwrap();
            if let Some(null) = replacement {
                object.insert(field.to_owned(), null);
            }
            expect(&file, ErrorKind::Malformed, &format!("the keystore has no field {name}"));
        }
    }
    for field in ["c", "salt"] {
        let mut file = pbkdf2();
        file["crypto"]["kdfparams"].as_object_mut().unwrap().remove(field).unwrap();
        expect(&file, ErrorKind::Malformed, &format!("the keystore has no field crypto.kdfparams.{field}"));
    }
}

#[test]
fn fields_of_another_type() {
    for (pointer, value, name, wanted) in [
        ("/version", json!(3.5), "version", "a whole number"),
        ("/version", json!("three"), "version", "a whole number"),
        ("/crypto", json!("x"), "crypto", "a JSON object"),
        ("/crypto/cipher", json!(1), "crypto.cipher", "text"),
        ("/crypto/kdfparams", json!([]), "crypto.kdfparams", "a JSON object"),
        ("/crypto/kdfparams/n", json!("8"), "crypto.kdfparams.n", "a whole number from 0 to 2^64 - 1"),
        ("/crypto/kdfparams/n", json!(-8), "crypto.kdfparams.n", "a whole number from 0 to 2^64 - 1"),
        ("/crypto/kdfparams/n", json!(8.5), "crypto.kdfparams.n", "a whole number from 0 to 2^64 - 1"),
        ("/crypto/kdfparams/n", json!(1e30), "crypto.kdfparams.n", "a whole number from 0 to 2^64 - 1"),
        ("/crypto/kdfparams/salt", json!(7), "crypto.kdfparams.salt", "text"),
        ("/crypto/mac", json!(true), "crypto.mac", "text"),
        ("/address", json!(7), "address", "text"),
    ] {
        let mut file = base();
        *file.pointer_mut(pointer).unwrap() = value;
        expect(&file, ErrorKind::Malformed, &format!("the field {name} is not {wanted}"));
    }
}

#[test]
fn a_field_that_stands_twice_is_refused() {
    let text = data("geth-aaa.json");
    for (from, name) in [("{\"address\"", "crypto"), ("\"n\":8", "crypto.kdfparams.n")] {
        let twice = match name {
            "crypto" => text.replace(from, &format!("{{\"Crypto\":{{}},{}", &from[1..])),
            _ => text.replace(from, "\"n\":8,\"N\":16"),
        };
        let error = Keystore::parse(&twice).unwrap_err();
        assert_eq!(error.problem(), format!("the keystore has the field {name} twice"));
    }
}

#[test]
fn other_versions_are_named() {
    for (version, part) in [
        (json!(0), "version 0, not 3"),
        (json!(1), "the first version, from 2014"),
        (json!("1"), "the first version, from 2014"),
        (json!(2), "version 2, not 3"),
        (json!(4), "EIP-2335"),
        (json!(44), "imToken"),
    ] {
        let mut file = base();
        file["version"] = version;
        let error = refused(&file);
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert!(error.problem().contains(part), "{error}");
    }
}

#[test]
fn unknown_functions_are_named_beside_the_known() {
    let mut file = base();
    file["crypto"]["kdf"] = json!("argon2id");
    expect(&file, ErrorKind::Malformed, "the keystore has an unknown key derivation function, \"argon2id\"");
    assert_eq!(refused(&file).remedy(), "known ones are: scrypt, pbkdf2");

    let mut file = base();
    file["crypto"]["cipher"] = json!("aes-128-gcm");
    expect(&file, ErrorKind::Malformed, "the keystore has an unknown cipher, \"aes-128-gcm\"");
    assert!(refused(&file).remedy().contains("aes-128-ctr"));
    file["crypto"]["cipher"] = json!("\u{1b}[2J");
    expect(&file, ErrorKind::Malformed, "the keystore has an unknown cipher, of 4 bytes");

    let mut file = pbkdf2();
    file["crypto"]["kdfparams"]["prf"] = json!("hmac-sha512");
    expect(&file, ErrorKind::Malformed, "the keystore uses PBKDF2 with an unknown function, \"hmac-sha512\"");
    assert!(refused(&file).remedy().contains("hmac-sha256"));
}

#[test]
fn costs_of_scrypt_are_bounded() {
    let huge = u64::MAX;
    for (n, r, p, kind, problem) in [
        (0, 8, 1, ErrorKind::OutOfBounds, "scrypt's N is 0, and must be at least 2".to_owned()),
        (1, 8, 1, ErrorKind::OutOfBounds, "scrypt's N is 1, and must be at least 2".to_owned()),
        (262_143, 8, 1, ErrorKind::Malformed, "scrypt's N is 262143, which is not a power of two".to_owned()),
        (huge, 8, 1, ErrorKind::Malformed, format!("scrypt's N is {huge}, which is not a power of two")),
        (8, 0, 1, ErrorKind::OutOfBounds, "scrypt's r is 0, and must be at least 1".to_owned()),
        (8, 8, 0, ErrorKind::OutOfBounds, "scrypt's p is 0, and must be at least 1".to_owned()),
        (8, 257, 1, ErrorKind::OutOfBounds, "scrypt's r is 257, and keyark allows at most 256".to_owned()),
        (8, 8, huge, ErrorKind::OutOfBounds, format!("scrypt's p is {huge}, and keyark allows at most 256")),
        (
            1 << 31,
            8,
            1,
            ErrorKind::OutOfBounds,
            "scrypt with N=2147483648 and r=8 takes 2097152 MiB of memory, and keyark allows at most 1024 MiB"
                .to_owned(),
        ),
        (
            1 << 63,
            256,
            256,
            ErrorKind::OutOfBounds,
            "scrypt with N=9223372036854775808 and r=256 takes 288230376151711744 MiB of memory, and keyark allows at \
             most 1024 MiB"
                .to_owned(),
        ),
        (
            1 << 20,
            8,
            9,
            ErrorKind::OutOfBounds,
            "scrypt with N=1048576, r=8 and p=9 takes N*r*p = 75497472 steps, and keyark allows at most 67108864"
                .to_owned(),
        ),
    ] {
        let mut file = base();
        let params = &mut file["crypto"]["kdfparams"];
        (params["n"], params["r"], params["p"]) = (json!(n), json!(r), json!(p));
        expect(&file, kind, &problem);
    }
    let mut paranoid = base();
    paranoid["crypto"]["kdfparams"]["n"] = json!(1 << 20);
    paranoid["crypto"]["kdfparams"]["p"] = json!(8);
    Keystore::parse(&paranoid.to_string()).unwrap();
}

#[test]
fn costs_of_pbkdf2_are_bounded() {
    for (rounds, problem) in [
        (0, "PBKDF2's c is 0, and must be at least 1".to_owned()),
        (50_000_001, "PBKDF2's c is 50000001, and keyark allows at most 50000000".to_owned()),
        (1 << 32, "PBKDF2's c is 4294967296, and keyark allows at most 50000000".to_owned()),
        (u64::MAX, format!("PBKDF2's c is {}, and keyark allows at most 50000000", u64::MAX)),
    ] {
        let mut file = pbkdf2();
        file["crypto"]["kdfparams"]["c"] = json!(rounds);
        expect(&file, ErrorKind::OutOfBounds, &problem);
    }
}

#[test]
fn lengths_are_bounded() {
    for (pointer, value, kind, problem) in [
        (
            "/crypto/kdfparams/dklen",
            json!(0),
            ErrorKind::OutOfBounds,
            "the derived key has 0 bytes, and needs at least 32",
        ),
        (
            "/crypto/kdfparams/dklen",
            json!(16),
            ErrorKind::OutOfBounds,
            "the derived key has 16 bytes, and needs at least 32",
        ),
        (
            "/crypto/kdfparams/dklen",
            json!(31),
            ErrorKind::OutOfBounds,
            "the derived key has 31 bytes, and needs at least 32",
        ),
        (
            "/crypto/kdfparams/dklen",
            json!(65),
            ErrorKind::OutOfBounds,
            "the derived key has 65 bytes, and keyark allows at most 64",
        ),
        ("/crypto/cipherparams/iv", json!(""), ErrorKind::Malformed, "the IV has 0 bytes, and must have 16"),
        (
            "/crypto/cipherparams/iv",
            json!("00".repeat(15)),
            ErrorKind::Malformed,
            "the IV has 15 bytes, and must have 16",
        ),
        (
            "/crypto/cipherparams/iv",
            json!("00".repeat(17)),
            ErrorKind::Malformed,
            "the IV has 17 bytes, and must have 16",
        ),
        ("/crypto/mac", json!("00".repeat(31)), ErrorKind::Malformed, "the MAC has 31 bytes, and must have 32"),
        ("/crypto/ciphertext", json!(""), ErrorKind::Malformed, "the ciphertext is empty"),
        (
            "/crypto/ciphertext",
            json!("00".repeat(4097)),
            ErrorKind::OutOfBounds,
            "the ciphertext has 4097 bytes, and keyark allows at most 4096",
        ),
        (
            "/crypto/kdfparams/salt",
            json!("00".repeat(1025)),
            ErrorKind::OutOfBounds,
            "the salt has 1025 bytes, and keyark allows at most 1024",
        ),
        (
            "/crypto/kdfparams/salt",
            json!("0g"),
            ErrorKind::Malformed,
            "crypto.kdfparams.salt is not hexadecimal text: character 2 is not a hexadecimal digit",
        ),
        (
            "/crypto/mac",
            json!("abc"),
            ErrorKind::Malformed,
            "crypto.mac is not hexadecimal text: hexadecimal text has two digits a byte, and this has 3 characters",
        ),
        (
            "/address",
            json!("\u{1b}[2J"),
            ErrorKind::Malformed,
            "the keystore's address, of 4 bytes, is not an address of any chain",
        ),
    ] {
        let mut file = base();
        *file.pointer_mut(pointer).unwrap() = value;
        expect(&file, kind, problem);
    }
}

proptest! {
    #[test]
    fn hostile_text_never_panics(text in "\\PC{0,200}") {
        prop_assert!(Keystore::parse(&text).is_err());
    }

    #[test]
    fn hostile_changes_never_panic(at in 0_usize..480, replacement in "\\PC{0,3}", removed in 0_usize..40) {
        let whole = data("geth-aaa.json");
        let end = (at + removed).min(whole.len());
        let start = at.min(end);
        let changed = format!("{}{replacement}{}", &whole[..start], &whole[end..]);
        match Keystore::parse(&changed) {
            Ok(keystore) => prop_assert!(!keystore.inspect().strength_note.is_empty()),
            Err(error) => prop_assert!(matches!(error.kind(), ErrorKind::Malformed | ErrorKind::OutOfBounds)),
        }
    }
}

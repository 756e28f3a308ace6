//! A keystore that is damaged, too dear or of another password is refused, and never shows another key.

use super::*;

const PASSWORD: &str = "correct horse";

/// A keystore of [`ETHEREUM_KEY`], of the light profile for haste.
fn light() -> Value {
    let home = Home::new();
    home.write("key.txt", ETHEREUM_KEY);
    home.write("password.txt", PASSWORD);
    let args = ["keystore", "make", "--chain", "ethereum", "--key-file", "key.txt", "--out", "account.json"];
    let password = ["--keystore-password-file", "password.txt", "--profile", "light"];
    home.run(&[&args[..], &password].concat()).ok();
    serde_json::from_str(&home.read("account.json")).unwrap()
}

fn home_with(file: &str) -> Home {
    let home = Home::new();
    home.write("account.json", file);
    home.write("password.txt", PASSWORD);
    home
}

const INSPECT: [&str; 3] = ["keystore", "inspect", "account.json"];
const OPEN: [&str; 5] = ["keystore", "open", "account.json", "--keystore-password-file", "password.txt"];

/// Neither looking into it nor opening it works, and both say why.
#[track_caller]
fn refused(file: &str, kind: &str, said: &str) {
    let home = home_with(file);
    let start = std::time::Instant::now();
    fails(&home, &INSPECT, 3).says(kind, said);
    fails(&home, &OPEN, 3).says(kind, said);
    fails(&home, &[&OPEN[..], &["--out", "key.txt"]].concat(), 3).says(kind, said);
    assert!(start.elapsed().as_secs() < 5, "refused before anything is derived");
}

#[test]
fn not_json_or_cut_off() {
    let whole = light().to_string();
    for file in ["", "\n", "abandon abandon about", ETHEREUM_KEY, "[]", "3", "null", "{}", "{\"version\":3}"] {
        refused(file, "malformed", "");
    }
    for end in [1, 2, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
        refused(&whole[..end], "malformed", "cut off");
    }
}

#[test]
fn a_huge_or_zero_cost() {
    let file = light();
    for (field, value) in [
        ("n", json!(0)),
        ("n", json!(1)),
        ("n", json!(1_u64 << 31)),
        ("n", json!(1_u64 << 62)),
        ("r", json!(0)),
        ("r", json!(1 << 20)),
        ("p", json!(0)),
        ("p", json!(u32::MAX)),
        ("dklen", json!(0)),
        ("dklen", json!(u32::MAX)),
    ] {
        let mut file = file.clone();
        file["crypto"]["kdfparams"][field] = value.clone();
        refused(&file.to_string(), "out-of-bounds", "");
    }
    for value in [json!(-1), json!(4096.5), json!("much"), json!(null), json!(4095)] {
        let mut file = file.clone();
        file["crypto"]["kdfparams"]["n"] = value.clone();
        refused(&file.to_string(), "malformed", "");
    }
    let params = |c: Value| json!({ "c": c, "dklen": 32, "prf": "hmac-sha256", "salt": "00".repeat(32) });
    for c in [json!(0), json!(u32::MAX), json!(u64::MAX)] {
        let mut file = file.clone();
        file["crypto"]["kdf"] = json!("pbkdf2");
        file["crypto"]["kdfparams"] = params(c);
        refused(&file.to_string(), "out-of-bounds", "");
    }
}

#[test]
fn an_unknown_kdf_or_cipher() {
    let mut file = light();
    file["crypto"]["kdf"] = json!("argon2id");
    refused(&file.to_string(), "malformed", "scrypt, pbkdf2");
    let mut file = light();
    file["crypto"]["cipher"] = json!("rot13");
    refused(&file.to_string(), "malformed", "aes-128-ctr");
    let mut file = light();
    file["version"] = json!(99);
    refused(&file.to_string(), "malformed", "99");
}

#[test]
fn a_wrong_password() {
    let home = home_with(&light().to_string());
    for password in ["Correct horse", "correct horse ", "", "\n\n"] {
        home.write("password.txt", password);
        fails(&home, &OPEN, 4).says("wrong-password", "password");
        fails(&home, &[&OPEN[..], &["--out", "key.txt"]].concat(), 4);
    }
    // What is forced over stays too.
    home.write("key.txt", "an older key");
    fails(&home, &[&OPEN[..], &["--out", "key.txt", "--force"]].concat(), 4);
    assert_eq!(home.read("key.txt"), "an older key");
}

/// A bit that flips anywhere in the file: it is refused, or it does not matter. Never is another key shown.
#[test]
fn flipped_bits() {
    let whole = serde_json::to_string_pretty(&light()).unwrap();
    let home = home_with(&whole);
    let (mut refused, mut harmless) = (0, 0);
    // A prime step visits each field, and each bit of a character.
    for bit in (0..whole.len() * 8).step_by(89) {
        let mut bytes = whole.clone().into_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        home.write("account.json", &bytes);
        let run = home.run(&[&OPEN[..], &["--json"]].concat());
        if run.code == Some(0) {
            harmless += 1;
            assert_eq!(text(&run.objects()[0], "private_key"), ETHEREUM_KEY, "bit {bit}");
        } else {
            refused += 1;
            let code = run.code.unwrap();
            assert!([3, 4, 8].contains(&code), "bit {bit}: {}", run.err);
            run.only_error(code);
        }
    }
    assert!(refused > 20 && harmless > 0, "{refused} refused, {harmless} harmless");
}

/// The MAC does not cover the IV: only the address tells that the key is another one.
#[test]
fn a_changed_iv_is_told_by_the_address() {
    let mut file = light();
    let iv = text(&file["crypto"]["cipherparams"], "iv").to_owned();
    let other = if iv.starts_with('0') { "1" } else { "0" };
    file["crypto"]["cipherparams"]["iv"] = json!(format!("{other}{}", &iv[1..]));
    let home = home_with(&file.to_string());
    let failure = fails(&home, &OPEN, 8);
    failure.says("mismatch", "address");
}

#[test]
fn keys_and_passwords_that_are_none() {
    let home = home_with("");
    let make = ["keystore", "make", "--chain", "ethereum", "--profile", "light", "--out", "new.json"];
    let with = |key: &str, password: &str, code: i32| {
        home.write("key.txt", key);
        home.write("password.txt", password);
        let args = ["--key-file", "key.txt", "--keystore-password-file", "password.txt"];
        fails(&home, &[&make[..], &args].concat(), code)
    };
    for key in [
        "",
        "0x",
        &ETHEREUM_KEY[..65],
        &format!("{ETHEREUM_KEY}0"),
        WIF_MAINNET,
        WORDS,
        &"0".repeat(64),
        &"f".repeat(64),
    ] {
        assert_eq!(with(key, "password", 3).kind, "malformed", "{key}");
    }
    assert_eq!(with(ETHEREUM_KEY, "", 2).kind, "usage");
}

//! The JSON is the format's: what is written, in which order it may be read, and what later versions add.

use super::*;

#[test]
fn the_json_is_the_format_s() {
    assert_eq!(of_phrase().to_json().as_str(), PHRASE);
    assert_same(&WalletRecord::from_json(PHRASE).unwrap(), &of_phrase());
    assert_eq!(of_key().to_json().as_str(), KEY);
    assert_same(&WalletRecord::from_json(KEY).unwrap(), &of_key());

    let mut with = of_phrase();
    with.passphrase = Passphrase::Kept("a \"b\" \\ c\n".into());
    let kept = r#""passphrase":{"type":"kept","text":"a \u0022b\u0022 \u005c c\u000a"}"#;
    assert_eq!(with.to_json().as_str(), PHRASE.replace(r#""passphrase":{"type":"none"}"#, kept));
    with.passphrase = Passphrase::Noted;
    let noted = r#""passphrase":{"type":"noted"}"#;
    assert_eq!(with.to_json().as_str(), PHRASE.replace(r#""passphrase":{"type":"none"}"#, noted));
    assert_eq!(WalletRecord::from_json(&with.to_json()).unwrap().passphrase, Passphrase::Noted);
}

#[test]
fn order_and_white_space_do_not_matter_and_lists_may_be_missing() {
    let text = KEY.replace(r#","accounts":[],"backups":[]"#, "").replace(',', " ,\n\t").replace(':', ": ");
    let text = text.replace("12: 00: 00Z", "12:00:00Z").replace(r#""format": "keyark-wallet" ,"#, "");
    let text =
        text.replace("\"type\": \"none\"}", "\"type\": \"none\"},\"fingerprint\":null,\"format\":\"keyark-wallet\"");
    assert_same(&WalletRecord::from_json(&format!("{text}  \n")).unwrap(), &of_key());
}

#[test]
fn fields_of_a_later_version_stay_as_they_are() {
    let later = r#""later":{"a": [1,  2.50e3, 1e400, {}] ,"b":"\u00e9 é \/", "":null},"nothing":null"#;
    let mut text = PHRASE.to_owned();
    for start in [r#""format":"#, r#""type":"phrase""#, r#""type":"none""#, r#""chain":"#, r#""method":"#] {
        text = text.replacen(start, &format!("{later},{start}"), 1);
    }
    let written = WalletRecord::from_json(&text).unwrap().to_json();
    assert_eq!(written.matches(later).count(), 5);
    // They stand behind those that are known, in each object.
    let mut expected = PHRASE.to_owned();
    for end in
        [r#""00000000000000000000000000000000""#, r#""type":"none""#, r#"af3c""#, r#"safe\u0022""#, r#"\u0022"}]"#]
    {
        expected = match expected.contains(end) {
            true => expected.replacen(end, &format!("{end},{later}"), 1),
            false => expected.replacen("}]}", &format!("}}],{later}}}"), 1),
        };
    }
    assert_eq!(written.as_str(), expected);
    assert_eq!(WalletRecord::from_json(&written).unwrap().to_json(), written);

    let mut record = WalletRecord::from_json(&text).unwrap();
    record.passphrase = Passphrase::Kept("new".into());
    record.name = name("renamed");
    assert_eq!(WalletRecord::from_json(&record.to_json()).unwrap().to_json().matches(later).count(), 5);
}

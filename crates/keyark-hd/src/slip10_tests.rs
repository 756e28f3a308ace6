use super::*;

#[test]
fn nodes_have_the_chain_codes_of_the_standard() {
    let rows: Vec<serde_json::Value> = serde_json::from_str(include_str!("../tests/data/slip10.json")).unwrap();
    let rows: Vec<_> = rows.iter().filter(|row| row["curve"] == "ed25519").collect();
    assert!(rows.len() >= 10);
    for row in rows {
        let text = |name: &str| row[name].as_str().unwrap();
        let seed = Seed::new(&keyark_core::hex::decode(text("seed")).unwrap()).unwrap();
        let node = Node::at(&seed, &text("path").parse().unwrap()).unwrap();
        assert_eq!(keyark_core::hex::encode(node.chain_code()), text("chain_code"));
    }
}

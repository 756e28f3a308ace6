//! The demands that every chain of keyark meets.

use keyark_conformance::{conformance, data};

conformance!(keyark_solana::SOLANA, data::vectors(include_str!("data/accounts.json")));
